import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@nightjar/kit/log';
import { LIVEKIT_CALLS_MAX, REMOVALS_MAX, SECOND_SWEEP_AFTER_MS } from '../limits.ts';
import { inTurn } from './in-turn.ts';
import type { MediaServer } from './media-server.ts';

export interface Removals extends AsyncDisposable {
  /**
   * Puts a pseudonym out of the show that is on, at once and once more in a moment, since they may have been coming in
   * while they were put out. Nobody waits for it: what fails here, or a process that ends, is left to the sweeps.
   */
  putOut(roomId: string, pseudonym: string): void;
}

export interface RemovalsParts {
  readonly media: Pick<MediaServer, 'removeParticipant'>;
  /** What LiveKit calls a pseudonym in the show that is on, the newest first. */
  readonly identitiesOf: (
    roomId: string,
    pseudonym: string,
  ) => Promise<readonly { showId: string; identity: string }[]>;
  /** Asks for a sweep. */
  readonly hint: () => void;
  readonly log: Log;
}

export function startRemovals({ media, identitiesOf, hint, log }: RemovalsParts): Removals {
  const stop = new AbortController();
  const working = new Set<Promise<void>>();

  async function once(roomId: string, pseudonym: string): Promise<void> {
    try {
      const identities = await identitiesOf(roomId, pseudonym);
      await inTurn(identities, LIVEKIT_CALLS_MAX, ({ showId, identity }) =>
        media.removeParticipant(showId, identity),
      );
    } catch (error) {
      log.warn('removal_left_to_sweep', { error });
      hint();
    }
  }

  async function twice(roomId: string, pseudonym: string): Promise<void> {
    await once(roomId, pseudonym);
    const waited = await sleep(SECOND_SWEEP_AFTER_MS, true, { signal: stop.signal, ref: false }).catch(
      () => false,
    );
    if (waited) await once(roomId, pseudonym);
  }

  return {
    putOut(roomId, pseudonym) {
      if (working.size >= REMOVALS_MAX) return hint();
      const work = twice(roomId, pseudonym).finally(() => working.delete(work));
      working.add(work);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(working);
    },
  };
}
