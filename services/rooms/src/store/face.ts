import { roomsProblem } from '../errors.ts';
import { appendEvent, lockOwnRoom } from './room-events.ts';
import type { Database } from './tables.ts';

/** What a room shows of itself. */
export interface Face {
  readonly title: string;
  readonly tags: readonly string[];
}

/** Changes what is given and tells it, if it is a change. Throws room_not_found (also for another's room). */
export async function changeFace(
  db: Database,
  roomId: string,
  broadcasterId: string,
  change: Partial<Face>,
): Promise<Face> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockOwnRoom(tx, roomId, broadcasterId))) throw roomsProblem('room_not_found');
    const before: Face = await tx
      .selectFrom('rooms')
      .select(['title', 'tags'])
      .where('id', '=', roomId)
      .executeTakeFirstOrThrow();
    const { title, tags } = { ...before, ...change };
    if (title === before.title && JSON.stringify(tags) === JSON.stringify(before.tags)) return before;
    await tx
      .updateTable('rooms')
      .set({ title, tags: [...tags] })
      .where('id', '=', roomId)
      .execute();
    await appendEvent(tx, roomId, { case: 'faceChanged', value: { title, tags: [...tags] } });
    return { title, tags };
  });
}
