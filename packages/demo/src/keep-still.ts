import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from '@nightjar/client/problem-error';
import type { Rooms } from '@nightjar/client/rooms';
import { STILL_EVERY_MS, STILL_SOON_MS } from './limits.ts';

/** Gives the directory a still of what is shown now, again and again, until it is told to leave. */
export async function keepStill(parts: {
  rooms: Pick<Rooms, 'putStill'>;
  roomId: string;
  /** A PNG file; undefined while nothing is shown. */
  still: () => Promise<Uint8Array<ArrayBuffer>> | undefined;
  signal: AbortSignal;
}): Promise<void> {
  const { rooms, roomId, still, signal } = parts;
  while (!signal.aborted) {
    const bytes = await still();
    let waitMs = bytes ? STILL_EVERY_MS : STILL_SOON_MS;
    try {
      if (bytes) await rooms.putStill(roomId, { type: 'image/png', bytes });
    } catch (error) {
      // A show without a still is a show.
      if (!(error instanceof ProblemError)) throw error;
      waitMs = STILL_EVERY_MS;
    }
    await pause(waitMs, undefined, { signal }).catch(() => {});
  }
}
