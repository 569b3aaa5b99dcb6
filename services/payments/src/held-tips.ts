import { HELD_TIPS_KEPT_MAX } from './limits.ts';

/** What an outcome is weighed by. It never changes once a tip is accepted. */
export interface HeldTip {
  readonly roomId: string;
  readonly amount: bigint;
  readonly durationMs: number;
}

/** Tips that this process took a moment ago, so that settling one need not ask the ledger what it was for. */
export class HeldTips {
  readonly #kept = new Map<string, HeldTip>();

  keep(tipId: string, tip: HeldTip): void {
    // A Map keeps the order of insertion: the first one is the oldest.
    const oldest = this.#kept.size >= HELD_TIPS_KEPT_MAX ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(tipId, tip);
  }

  /** Undefined where it is not known here, which says nothing about the ledger. */
  get(tipId: string, roomId: string): HeldTip | undefined {
    const tip = this.#kept.get(tipId);
    return tip?.roomId === roomId ? tip : undefined;
  }
}
