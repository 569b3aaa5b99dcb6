import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock } from '@nightjar/kit/clock';
import { NATS_FRESH_MS, NATS_PROBE_MS } from '../limits.ts';

/**
 * Whether what permits depend on answers now. Redis is asked by the permit itself; NATS, over which effects and outcomes
 * travel, is asked all the time, since a peer that froze looks connected for seconds.
 */
export class Dependencies implements Disposable {
  readonly #nc: NatsConnection;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #asking = false;

  constructor(nc: NatsConnection, clock: Clock) {
    this.#nc = nc;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.#probe(), NATS_PROBE_MS);
    void this.#probe();
    void this.#watch();
  }

  /** Whether the bus answered within NATS_FRESH_MS. */
  get fresh(): boolean {
    return this.#clock.mono() - this.#answeredAt <= NATS_FRESH_MS;
  }

  /** A connection that is known to be lost need not be asked. */
  async #watch(): Promise<void> {
    for await (const { type } of this.#nc.status()) {
      if (type === 'disconnect') this.#answeredAt = Number.NEGATIVE_INFINITY;
    }
  }

  async #probe(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const askedAt = this.#clock.mono();
    try {
      await this.#nc.flush();
      // Counted from the question: an answer proves no more than that it was alive then.
      this.#answeredAt = askedAt;
    } catch {
      this.#answeredAt = Number.NEGATIVE_INFINITY;
    } finally {
      this.#asking = false;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
