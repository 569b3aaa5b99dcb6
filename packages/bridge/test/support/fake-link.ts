import type { ProgressState, SignedOutcome } from '@nightjar/contracts/ws-protocol';
import type { BridgeLink, LinkEvents } from '../../src/link.ts';
import type { TippedEffect } from '../../src/machine/types.ts';
import { type OutcomeBody, parseOutcome } from '../../src/outcome.ts';
import type { FakeTime } from './fake-time.ts';

const SERVER_OFFSET_MS = 1_700_000_000_500;

/** A server of events, by hand: answers permits after a round trip as long as it is in the mood. */
export class FakeLink implements BridgeLink {
  readonly #time: FakeTime;
  #events: LinkEvents | undefined;
  isUp = false;
  answers: 'yes' | 'no' | 'silence' = 'yes';
  rttMs = 10;
  /** What was sent. */
  readonly asks: { readonly n: number; readonly sentMono: number; granted: boolean }[] = [];
  readonly outcomes: { readonly body: OutcomeBody; readonly signed: SignedOutcome }[] = [];
  readonly progress: { readonly tipId: string; readonly state: ProgressState }[] = [];

  constructor(time: FakeTime) {
    this.#time = time;
  }

  start(events: LinkEvents): void {
    this.#events = events;
  }

  up(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.#events?.up();
  }

  down(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.#events?.down();
  }

  tip(tip: TippedEffect): void {
    this.#events?.effect(tip);
  }

  begun(tipId: string): void {
    this.#events?.begun(tipId);
  }

  settled(tipId: string): void {
    this.#events?.settled(tipId);
  }

  rejected(tipId: string, code: string): void {
    this.#events?.rejected(tipId, code);
  }

  serverMs(): number {
    return this.#time.now().mono + SERVER_OFFSET_MS;
  }

  askPermit(n: number): void {
    const ask = { n, sentMono: this.#time.now().mono, granted: false };
    this.asks.push(ask);
    const events = this.#events;
    this.#time.after(this.rttMs, () => {
      if (!this.isUp || this.answers === 'silence') return;
      ask.granted = this.answers === 'yes';
      events?.permit({ n, forMs: ask.granted ? 600 : 0, serverMs: this.serverMs() - this.rttMs / 2 });
    });
  }

  sendOutcome(_tipId: string, signed: SignedOutcome): void {
    const body = parseOutcome(Buffer.from(signed.body, 'base64url'));
    if (body === undefined) throw new Error('not an outcome');
    this.outcomes.push({ body, signed });
  }

  sendProgress(tipId: string, state: ProgressState): void {
    this.progress.push({ tipId, state });
  }

  close(): void {
    this.isUp = false;
    this.#events = undefined;
  }
}

let made = 0;

/** A tip for two seconds of vibration, with what is to differ. */
export function aTip(
  link: FakeLink,
  { durationMs = 2_000, level = 1_000, startInMs = 60_000, tipId = '' } = {},
): TippedEffect {
  made += 1;
  return {
    tipId: tipId === '' ? `tip_${made}` : tipId,
    effect: { output: 'vibrate', durationMs, points: [{ atMs: 0, level }] },
    startByMs: link.serverMs() + startInMs,
  };
}
