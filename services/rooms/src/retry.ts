import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@nightjar/kit/log';

const AGAIN_MS = 500;

/** Does something that a start cannot do without, until it succeeds. */
export async function untilDone<T>(work: () => Promise<T>, failure: string, log: Log): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      log.warn(failure, { attempt, error });
      await sleep(AGAIN_MS);
    }
  }
}
