import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ShowMode } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { sql } from 'kysely';
import { roomsProblem } from '../errors.ts';
import { appendEvent, lockOwnRoom } from './room-events.ts';
import type { Show } from './rooms.ts';
import type { Database } from './tables.ts';

/** Opens a show. Throws room_not_found (also for another's room), show_already_on. */
export async function startShow(
  db: Database,
  showId: string,
  roomId: string,
  broadcasterId: string,
): Promise<Show> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockOwnRoom(tx, roomId, broadcasterId))) throw roomsProblem('room_not_found');
    const opened = await tx
      .insertInto('shows')
      .values({ id: showId, room_id: roomId, mode: 'public', started_at: sql`clock_timestamp()` })
      .onConflict((conflict) => conflict.column('room_id').where('ended_at', 'is', null).doNothing())
      .returning('started_at')
      .executeTakeFirst();
    if (!opened) throw roomsProblem('show_already_on');
    await appendEvent(tx, roomId, {
      case: 'showStarted',
      value: { showId, mode: ShowMode.PUBLIC, startedAt: timestampFromDate(opened.started_at) },
    });
    return { showId, mode: 'public', startedAt: opened.started_at, picture: false };
  });
}

/** Ends the room's show; false when none was on. Throws room_not_found (also for another's room). */
export async function endShow(db: Database, roomId: string, broadcasterId: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockOwnRoom(tx, roomId, broadcasterId))) throw roomsProblem('room_not_found');
    const ended = await tx
      .updateTable('shows')
      .set({ ended_at: sql`clock_timestamp()`, picture_at: null })
      .where('room_id', '=', roomId)
      .where('ended_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!ended) return false;
    await tx.deleteFrom('stills').where('show_id', '=', ended.id).execute();
    await appendEvent(tx, roomId, { case: 'showEnded', value: { showId: ended.id } });
    return true;
  });
}
