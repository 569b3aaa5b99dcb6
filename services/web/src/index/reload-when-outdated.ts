/** One that was loaded anew just now is not loaded anew again: what is missing then is missing for another reason. */
const AGAIN_AFTER_MS = 10_000;

/**
 * A page that was opened before an update may want another screen by a name that is no longer there. It is loaded anew, and
 * has the new names. A room has everything once its picture is there; the studio asks the person, who may be live.
 */
export function reloadWhenOutdated(): void {
  addEventListener('vite:preloadError', () => {
    const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (load?.type === 'reload' && performance.now() < AGAIN_AFTER_MS) return;
    location.reload();
  });
}
