import { LEASE_MS_MAX, LEASE_MS_MIN } from './limits.ts';
import type { Permit } from './permit.ts';
import type { TrialRight } from './trial-right.ts';

/**
 * The bridge's own, very short right to keep outputs away from rest (rule 1), and to keep a device's link alive.
 * Nothing but a live permit, or the right of one trial, makes one, and everything that moves a device takes one: a level above rest without
 * a lease does not compile.
 */
export class Lease {
  readonly #untilMono: number;

  private constructor(untilMono: number) {
    this.#untilMono = untilMono;
  }

  /**
   * @param budgetMs what else bounds it, such as what the envelope has left
   * @returns undefined when there is no live permit, or less than LEASE_MS_MIN left of anything
   */
  static grant(permit: Permit | undefined, nowMono: number, budgetMs = LEASE_MS_MAX): Lease | undefined {
    if (permit === undefined || !permit.isLive(nowMono) || !(budgetMs > 0)) return undefined;
    const untilMono = Math.min(nowMono + LEASE_MS_MAX, nowMono + budgetMs, permit.untilMono);
    // Half a fraction of tolerance: `now + 1 − now` need not be 1.
    return untilMono - nowMono < LEASE_MS_MIN - 1e-6 ? undefined : new Lease(untilMono);
  }

  /** For a trial, which ends with its right. @returns undefined when less than LEASE_MS_MIN is left of it */
  static forTrial(right: TrialRight, nowMono: number): Lease | undefined {
    const untilMono = Math.min(nowMono + LEASE_MS_MAX, right.untilMono);
    return untilMono - nowMono < LEASE_MS_MIN - 1e-6 ? undefined : new Lease(untilMono);
  }

  /** Tells a real lease from an object that only looks like one; drivers check it at the last moment. */
  static isLease(value: unknown): value is Lease {
    return typeof value === 'object' && value !== null && #untilMono in value;
  }

  get untilMono(): number {
    return this.#untilMono;
  }

  isLive(nowMono: number): boolean {
    return nowMono < this.#untilMono;
  }
}
