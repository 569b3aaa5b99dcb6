export interface Repeat extends AsyncDisposable {
  /** Does it again at once, or as soon as the turn under way is done. */
  soon(): void;
}

/**
 * Does something now and from time to time, one turn at a time, until disposed, which waits for the turn under way.
 * `turn` answers how many milliseconds to wait for the next; it must not throw.
 */
export function repeat(turn: () => Promise<number>): Repeat {
  let stopped = false;
  let asked = false;
  let wake = () => {};

  async function run(): Promise<void> {
    while (!stopped) {
      asked = false;
      const pauseMs = await turn();
      if (stopped || asked) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs).unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  const running = run();

  function soon(): void {
    asked = true;
    wake();
  }
  return {
    soon,
    async [Symbol.asyncDispose]() {
      stopped = true;
      soon();
      await running;
    },
  };
}
