import { Rate } from './rate.ts';

/** Addresses remembered at a time; beyond that the one that was longest silent is forgotten. */
export const ADDRESSES_MAX = 50_000;

export interface AddressLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * A rate per client address, in memory and nowhere else. An address is forgotten as soon as its bucket is full again,
 * since from then on remembering it would change nothing.
 */
export class AddressLimits {
  readonly #limit: AddressLimit;
  /** In the order of their last request. */
  readonly #rates = new Map<string, { rate: Rate; seenMs: number }>();

  constructor(limit: AddressLimit) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#rates.size;
  }

  take(address: string, nowMs: number): boolean {
    const key = networkOf(address);
    const rate = this.#rates.get(key)?.rate ?? new Rate(this.#limit.perSecond, this.#limit.burst, nowMs);
    this.#rates.delete(key);
    this.#rates.set(key, { rate, seenMs: nowMs });
    if (this.#rates.size > ADDRESSES_MAX) {
      const [silent] = this.#rates.keys();
      if (silent !== undefined) this.#rates.delete(silent);
    }
    return rate.take(nowMs);
  }

  /** Forgets whoever has been silent long enough. */
  forget(nowMs: number): void {
    const fullAfterMs = (this.#limit.burst / this.#limit.perSecond) * 1000;
    for (const [key, { seenMs }] of this.#rates) {
      if (nowMs - seenMs < fullAfterMs) return;
      this.#rates.delete(key);
    }
  }
}

/** An IPv6 customer has a whole /64, so that is what one limit holds for. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
