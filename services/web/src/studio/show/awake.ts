import { Store } from '../../lib/store.ts';

/** Keeps the screen on while a show is on. `refused`: the browser does not, as on a low battery. */
export class Awake {
  readonly state = new Store<'off' | 'on' | 'refused'>('off');
  #wanted = false;
  #lock: WakeLockSentinel | undefined;

  constructor() {
    // A hidden page loses it; one that is seen again asks again.
    document.addEventListener('visibilitychange', () => {
      if (this.#wanted && document.visibilityState === 'visible') void this.#ask();
    });
  }

  start(): void {
    this.#wanted = true;
    void this.#ask();
  }

  stop(): void {
    this.#wanted = false;
    void this.#lock?.release().catch(() => {});
    this.#lock = undefined;
    this.state.set('off');
  }

  async #ask(): Promise<void> {
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (!this.#wanted) {
        await lock.release();
        return;
      }
      this.#lock = lock;
      this.state.set('on');
    } catch {
      if (this.#wanted) this.state.set('refused');
    }
  }
}
