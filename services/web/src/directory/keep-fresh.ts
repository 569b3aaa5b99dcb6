import type { Directory } from './directory-model.ts';
import { REFRESH_EVERY_MS } from './limits.ts';

/**
 * Asks now, and again and again while somebody looks: a hidden page asks nothing, and one that is looked at again asks at
 * once. Without a connection the browser tells when it is back.
 *
 * @returns what ends it
 */
export function keepFresh(directory: Pick<Directory, 'refresh'>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const ask = async (settle: boolean): Promise<void> => {
    clearTimeout(timer);
    await directory.refresh({ settle });
    clearTimeout(timer);
    if (!ended && !document.hidden) timer = setTimeout(() => void ask(false), REFRESH_EVERY_MS);
  };
  const look = (): void => {
    clearTimeout(timer);
    // Whoever comes back to the top has nothing under the finger yet.
    if (!document.hidden) void ask(scrollY < 8);
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  void ask(true);
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
    removeEventListener('online', look);
  };
}
