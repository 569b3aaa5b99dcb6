import { useSyncExternalStore } from 'react';
import type { Readable } from './store.ts';

/** Shows a store's value, and again whenever it changes. */
export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => store.current,
  );
}
