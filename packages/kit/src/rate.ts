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
