import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@nightjar/kit/log';
import { SAY_WAITING_EVERY_MS, SERVER_RETRY_MS, SERVER_WAIT_MS_MAX } from './limits.ts';
import { SetupError } from './setup-error.ts';

export interface Wait {
  /** Of the server, for people: `PostgreSQL at db.example:5432`. */
  readonly name: string;
  /** The server in a log, which has no addresses. */
  readonly peer: string;
  /** Whether an error says that the server is away, and not that it refuses. */
  readonly isAway: (error: unknown) => boolean;
  readonly log: Log;
  readonly waitMsMax?: number;
}

/**
 * Does the work, again and again for as long as the server is away; the work must be safe to begin anew.
 *
 * @throws SetupError when the server did not come; whatever else the work throws
 */
export async function waitForServer<T>(work: () => Promise<T>, wait: Wait): Promise<T> {
  const { name, peer, isAway, log, waitMsMax = SERVER_WAIT_MS_MAX } = wait;
  const endMono = performance.now() + waitMsMax;
  let saidMono = Number.NEGATIVE_INFINITY;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      const nowMono = performance.now();
      if (nowMono > endMono)
        throw new SetupError(
          `${name} did not answer in ${waitMsMax / 1_000} s: is it up, does its name resolve, and does a firewall or a NetworkPolicy let us reach it?`,
          { cause: error },
        );
      if (nowMono - saidMono > SAY_WAITING_EVERY_MS) {
        log.info('waiting', { peer, attempt, error });
        saidMono = nowMono;
      }
      await pause(SERVER_RETRY_MS);
    }
  }
}
