import type { Now } from '../../src/machine/types.ts';
import type { Clock, Timers } from '../../src/timers.ts';

interface Timer {
  readonly atMono: number;
  readonly callback: () => void;
}

/** Both clocks and all timers by hand. `run` lets promises settle between timers, as an event loop does. */
export class FakeTime implements Clock, Timers {
  #mono: number;
  #wallOffset = 1_700_000_000_000;
  #timers = new Set<Timer>();
  /** How late timers come. */
  latenessMs = 0;
  #stuck = 0;

  constructor(startMono = 1_000) {
    this.#mono = startMono;
  }

  now(): Now {
    return { mono: this.#mono, wall: this.#mono + this.#wallOffset };
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMono: this.#mono + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  async run(ms: number): Promise<void> {
    const endMono = this.#mono + ms;
    await settle();
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.atMono - b.atMono)[0];
      if (next === undefined || next.atMono + this.latenessMs > endMono) break;
      this.#timers.delete(next);
      this.#stuck = next.atMono + this.latenessMs <= this.#mono ? this.#stuck + 1 : 0;
      if (this.#stuck > 1_000) throw new Error('broken: timers for ever in one moment;');
      this.#mono = Math.max(this.#mono, next.atMono + this.latenessMs);
      next.callback();
      await settle();
    }
    this.#mono = Math.max(this.#mono, endMono);
  }

  /** The process that set them is gone. */
  forget(): void {
    this.#timers.clear();
  }

  /** Time goes by and nothing runs: SIGSTOP. */
  freeze(ms: number): void {
    this.#mono += ms;
  }

  /** The monotonic clock stood still: a closed lid. */
  sleep(ms: number): void {
    this.#wallOffset += ms;
  }
}

/** Lets everything run that waits for no timer. Signing takes turns of the real event loop. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
