/** Does something so many times a second, whatever becomes of it: who waits for answers measures a server's best side. */
export class Pacer implements Disposable {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(perSecond: number, work: () => void) {
    const everyMs = 1_000 / perSecond;
    const startMono = performance.now();
    let done = 0;
    const turn = () => {
      // A late timer makes up for what it missed.
      for (; startMono + (done + 1) * everyMs <= performance.now(); done += 1) work();
      this.#timer = setTimeout(turn, Math.max(0, startMono + (done + 1) * everyMs - performance.now()));
    };
    turn();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
