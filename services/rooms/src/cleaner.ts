import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@nightjar/kit/log';
import { CLEAN_EVERY_MS } from './limits.ts';
import { cleanOnce } from './store/clean.ts';
import type { Database } from './store/tables.ts';

/** Deletes what has had its time, a small batch at a time, so that nobody waits for a lock. */
export function startCleaner(db: Database, log: Log): AsyncDisposable {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        while (!stop.signal.aborted && (await cleanOnce(db)));
      } catch (error) {
        log.warn('cleaner_waits', { error });
      }
      await sleep(CLEAN_EVERY_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
    },
  };
}
