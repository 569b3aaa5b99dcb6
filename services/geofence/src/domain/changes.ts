import { Rate } from '@nightjar/kit/rate';

/** Each change goes to all pods of several services at once. */
export const CHANGES_PER_SECOND = 2;
export const CHANGES_BURST = 20;
/** Broadcasters remembered at a time; the one that was longest silent is forgotten. */
export const BROADCASTERS_MAX = 10_000;

/** How often one broadcaster may change fences. In memory, per pod. */
export class Changes {
  /** In the order of their last change. */
  readonly #rates = new Map<string, Rate>();

  take(broadcasterId: string, nowMs: number): boolean {
    const rate = this.#rates.get(broadcasterId) ?? new Rate(CHANGES_PER_SECOND, CHANGES_BURST, nowMs);
    this.#rates.delete(broadcasterId);
    this.#rates.set(broadcasterId, rate);
    if (this.#rates.size > BROADCASTERS_MAX) {
      const [silent] = this.#rates.keys();
      if (silent !== undefined) this.#rates.delete(silent);
    }
    return rate.take(nowMs);
  }
}
