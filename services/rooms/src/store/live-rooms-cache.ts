import type { Clock } from '@nightjar/kit/clock';
import { withPostgres } from '@nightjar/kit/postgres';
import type { LiveRoom } from '../domain/directory.ts';
import { DIRECTORY_FRESH_MS } from '../limits.ts';
import { listLiveRooms } from './live-rooms.ts';
import type { Database } from './tables.ts';

/**
 * The live rooms as they were at most DIRECTORY_FRESH_MS ago, read once for all who ask at a time: filtering by each
 * reader's fence then costs no query, however much of the list is hidden from them.
 */
export function liveRoomsCache(db: Database, clock: Clock): () => Promise<readonly LiveRoom[]> {
  let reading: Promise<readonly LiveRoom[]> | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (reading && clock.mono() - readAtMs < DIRECTORY_FRESH_MS) return reading;
    readAtMs = clock.mono();
    const now = withPostgres(() => listLiveRooms(db));
    reading = now;
    now.catch(() => {
      if (reading === now) reading = undefined;
    });
    return now;
  };
}
