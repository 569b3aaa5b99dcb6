import { LEASE_MS_MIN, PERMIT_MS_MAX } from './limits.ts';

/** An ask for a permit that was sent and not answered yet. */
export interface PermitAsk {
  readonly n: number;
  readonly sentMono: number;
}

/** The answer of `events` to ask `n`. `forMs` of 0 is a no. */
export interface PermitAnswer {
  readonly n: number;
  readonly forMs: number;
  /** The server's time when it answered, in ms since 1970. */
  readonly serverMs: number;
  /** Why not, for the screen. */
  readonly reason?: string;
}

/**
 * The server's leave to go on for a moment (rule 1). It can only be made from an ask of this bridge and its
 * answer, and counts from when the ask was *sent*, so a slow network can only shorten it.
 */
export class Permit {
  readonly #untilMono: number;

  private constructor(untilMono: number) {
    this.#untilMono = untilMono;
  }

  /** @returns undefined when the answer is a no, is not to this ask, or has run out while it was on its way. */
  static from(ask: PermitAsk, answer: PermitAnswer, nowMono: number): Permit | undefined {
    if (answer.n !== ask.n || !Number.isFinite(answer.forMs)) return undefined;
    const permit = new Permit(ask.sentMono + Math.min(answer.forMs, PERMIT_MS_MAX));
    return permit.isLive(nowMono) ? permit : undefined;
  }

  get untilMono(): number {
    return this.#untilMono;
  }

  /** Whether the shortest lease still fits in. */
  isLive(nowMono: number): boolean {
    return this.#untilMono - nowMono >= LEASE_MS_MIN;
  }
}
