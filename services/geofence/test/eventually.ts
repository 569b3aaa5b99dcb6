const TRIES_MS_MAX = 20_000;
const PAUSE_MS = 50;

/** Tries until it no longer throws; throws its last error when that takes too long. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const end = performance.now() + TRIES_MS_MAX;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
