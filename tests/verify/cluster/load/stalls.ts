import type { Span } from '../judges/device.ts';

const BEAT_MS = 10;
/** Beats that are further apart than this are a stall. */
const STALL_MS_MIN = 30;

/** Writes down when this program stood still, so that nobody is judged for what the machine did. */
export class Stalls implements Disposable {
  readonly all: Span[] = [];
  readonly #timer: ReturnType<typeof setInterval>;

  constructor() {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (now - last >= STALL_MS_MIN) this.all.push({ from: last, to: now });
      last = now;
    }, BEAT_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
