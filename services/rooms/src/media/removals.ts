import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import { meter } from '@nightjar/kit/telemetry';
import { LIVEKIT_CALLS_MAX, PUT_OUT_AGAIN_AFTER_MS, REMOVALS_MAX } from '../limits.ts';
import { inTurn } from './in-turn.ts';
import type { MediaServer } from './media-server.ts';

export interface Removals extends AsyncDisposable {
  /**
   * Puts a pseudonym out of the show that is on, at once and again in a moment, since they may have been coming in while
   * they were put out. Nobody waits for it: what fails here, or a process that ends, is left to the sweeps.
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
  readonly clock: Clock;
  readonly log: Log;
}

export function startRemovals({ media, identitiesOf, hint, clock, log }: RemovalsParts): Removals {
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

  async function againAndAgain(roomId: string, pseudonym: string): Promise<void> {
    const decidedAtMs = clock.mono();
    await once(roomId, pseudonym);
    took().record(clock.mono() - decidedAtMs);
    for (const afterMs of PUT_OUT_AGAIN_AFTER_MS) {
      const inMs = Math.max(0, decidedAtMs + afterMs - clock.mono());
      await sleep(inMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
      if (stop.signal.aborted) return;
      await once(roomId, pseudonym);
    }
  }

  return {
    putOut(roomId, pseudonym) {
      if (working.size >= REMOVALS_MAX) return hint();
      const work = againAndAgain(roomId, pseudonym).finally(() => working.delete(work));
      working.add(work);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(working);
    },
  };
}

let histogram: ReturnType<typeof makeHistogram> | undefined;
function took() {
  histogram ??= makeHistogram();
  return histogram;
}

function makeHistogram() {
  return meter().createHistogram('nightjar_rooms_put_out_ms', {
    description: 'from a sanction to LiveKit having put its pseudonym out',
  });
}
