import { LEASE_MS_MAX } from './limits.ts';
import type { Permit } from './permit.ts';

/**
 * The bridge's own, very short right to keep outputs away from rest (rule 1), and to keep a device's link alive.
 * Nothing but a live permit makes one, and everything that moves a device takes one: a level above rest without
 * a lease does not compile.
 */
export class Lease {
  readonly #untilMono: number;

  private constructor(untilMono: number) {
    this.#untilMono = untilMono;
  }

  /**
   * @param budgetMs what else bounds it, such as what the envelope has left
   * @returns undefined when there is no live permit, or nothing left
   */
  static grant(permit: Permit | undefined, nowMono: number, budgetMs = LEASE_MS_MAX): Lease | undefined {
    if (permit === undefined || !permit.isLive(nowMono) || !(budgetMs > 0)) return undefined;
    return new Lease(Math.min(nowMono + LEASE_MS_MAX, nowMono + budgetMs, permit.untilMono));
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
