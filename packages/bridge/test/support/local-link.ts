import type { SignedOutcome } from '@nightjar/contracts/ws-protocol';
import type { BridgeLink, LinkEvents } from '../../src/link.ts';
import type { TippedEffect } from '../../src/machine/types.ts';

/** A server in the same process, on real time, that grants every permit. */
export class LocalLink implements BridgeLink {
  #events: LinkEvents | undefined;
  #isUp = false;
  grants = true;
  readonly outcomes: string[] = [];

  start(events: LinkEvents): void {
    this.#events = events;
  }

  up(): void {
    this.#isUp = true;
    this.#events?.up();
  }

  down(): void {
    this.#isUp = false;
    this.#events?.down();
  }

  /** A vibration at the envelope's highest level. */
  tip(tipId: string, durationMs: number): void {
    const tip: TippedEffect = {
      tipId,
      effect: { output: 'vibrate', durationMs, points: [{ atMs: 0, level: 1_000 }] },
      startByMs: Date.now() + 60_000,
    };
    this.#events?.effect(tip);
  }

  askPermit(n: number): void {
    const serverMs = Date.now();
    setTimeout(() => {
      if (this.#isUp) this.#events?.permit({ n, forMs: this.grants ? 600 : 0, serverMs });
    }, 2);
  }

  sendOutcome(_tipId: string, { body }: SignedOutcome): void {
    this.outcomes.push(Buffer.from(body, 'base64url').toString());
  }

  sendProgress(): void {}

  close(): void {
    this.#isUp = false;
  }
}
