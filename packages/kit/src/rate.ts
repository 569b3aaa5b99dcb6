/** A token bucket. Pure but for its own two numbers: time is given, in milliseconds. */
export class Rate {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#at = nowMs;
  }

  /** Takes one if there is one. */
  take(nowMs: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + (Math.max(0, nowMs - this.#at) / 1000) * this.#perSecond);
    this.#at = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Rates by key, in memory only. When it is full the oldest keys are forgotten: under attack a bound beats a record. */
export class RateTable {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #keysMax: number;
  readonly #rates = new Map<string, Rate>();

  constructor(perSecond: number, burst: number, keysMax: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#keysMax = keysMax;
  }

  take(key: string, nowMs: number): boolean {
    const rate = this.#rates.get(key) ?? new Rate(this.#perSecond, this.#burst, nowMs);
    // Taken out and put in again, so that the map's order is from least to most recently used.
    this.#rates.delete(key);
    this.#rates.set(key, rate);
    if (this.#rates.size > this.#keysMax) {
      const [oldest] = this.#rates.keys();
      if (oldest !== undefined) this.#rates.delete(oldest);
    }
    return rate.take(nowMs);
  }
}
