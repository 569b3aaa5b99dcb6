/** What the client takes from the platform it runs on: the seam for tests, and for a clock of one's own. */
export interface Platform {
  readonly fetch: typeof fetch;
  readonly WebSocket: typeof WebSocket;
  /** The time of day, in ms since 1970. */
  readonly now: () => number;
  /** A clock that never jumps, in ms from any beginning. */
  readonly mono: () => number;
  /** 0 to 1, for jitter only. */
  readonly random: () => number;
}

/** Node ≥ 22, a browser's window or a Worker. */
export const PLATFORM: Platform = {
  fetch: (input, init) => globalThis.fetch(input, init),
  get WebSocket() {
    return globalThis.WebSocket;
  },
  now: () => Date.now(),
  mono: () => performance.now(),
  random: () => Math.random(),
};

/** Waits, or rejects with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
