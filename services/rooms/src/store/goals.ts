import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { sql } from 'kysely';
import type { Goal } from '../domain/goal.ts';
import { roomsProblem } from '../errors.ts';
import { appendEvent, lockOwnRoom } from './room-events.ts';
import type { Database } from './tables.ts';

/**
 * Sets a goal in the place of the one that is. The same title and amount again are the goal in force, so that whoever
 * repeats a request loses no count. Throws room_not_found (also for another's room).
 */
export async function setGoal(
  db: Database,
  roomId: string,
  broadcasterId: string,
  wish: { goalId: string; title: string; amount: bigint },
): Promise<Goal> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockOwnRoom(tx, roomId, broadcasterId))) throw roomsProblem('room_not_found');
    const before = await tx
      .selectFrom('goals')
      .select(['id', 'title', 'amount', 'set_at'])
      .where('room_id', '=', roomId)
      .executeTakeFirst();
    if (before && before.title === wish.title && before.amount === wish.amount) {
      const { id: goalId, title, amount, set_at: setAt } = before;
      return { goalId, title, amount, setAt };
    }
    const { goalId, title, amount } = wish;
    const { set_at: setAt } = await tx
      .insertInto('goals')
      .values({ room_id: roomId, id: goalId, title, amount, set_at: sql`clock_timestamp()` })
      .onConflict((conflict) =>
        conflict.column('room_id').doUpdateSet((excluded) => ({
          id: excluded.ref('excluded.id'),
          title: excluded.ref('excluded.title'),
          amount: excluded.ref('excluded.amount'),
          set_at: excluded.ref('excluded.set_at'),
        })),
      )
      .returning('set_at')
      .executeTakeFirstOrThrow();
    const goal = { goalId, title, amount, setAt };
    await appendEvent(tx, roomId, { case: 'goalSet', value: goalToProto(goal) });
    return goal;
  });
}

/** Takes the goal away; false when there was none. Throws room_not_found (also for another's room). */
export async function clearGoal(db: Database, roomId: string, broadcasterId: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockOwnRoom(tx, roomId, broadcasterId))) throw roomsProblem('room_not_found');
    const cleared = await tx
      .deleteFrom('goals')
      .where('room_id', '=', roomId)
      .returning('id')
      .executeTakeFirst();
    if (!cleared) return false;
    await appendEvent(tx, roomId, { case: 'goalCleared', value: { goalId: cleared.id } });
    return true;
  });
}

/** A goal for the bus. */
export function goalToProto({ goalId, title, amount, setAt }: Goal) {
  return { goalId, title, amount, setAt: timestampFromDate(setAt) };
}
