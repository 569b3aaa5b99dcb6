import { ProblemError } from '@nightjar/client/problem-error';

const PAUSE_MS = 500;

/**
 * Does it again while it says that it may work later: a person's patience, for what is not measured.
 *
 * @throws the last error after `withinMs`
 */
export async function patiently<T>(work: () => Promise<T>, withinMs = 60_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const waitMs = (error instanceof ProblemError && error.retryAfterMs) || PAUSE_MS;
      if (!(error instanceof ProblemError && error.retry) || performance.now() + waitMs > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
