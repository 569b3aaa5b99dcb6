const LOOK_EVERY_MS = 5;

/** Waits for a condition; throws with what was waited for when it takes too long. */
export async function until(what: string, holds: () => unknown, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
