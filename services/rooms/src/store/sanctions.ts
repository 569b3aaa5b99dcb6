import { Sanction } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { sql, type Transaction } from 'kysely';
import type { Decision } from '../domain/sanction.ts';
import { roomsProblem } from '../errors.ts';
import { SANCTIONS_PER_ROOM_MAX } from '../limits.ts';
import { appendEvent, lockOwnRoom } from './room-events.ts';
import { sanctionToProto } from './sanction-proto.ts';
import { findSanction, type SanctionInForce, toSanction } from './sanctions-in-force.ts';
import type { Database, Tables } from './tables.ts';

/**
 * Puts a decision in the place of the one in force. The one that is in force already is told no second time.
 * Throws room_not_found (also for another's room), removal_without_show, sanctions_too_many.
 */
export async function putSanction(
  db: Database,
  roomId: string,
  broadcasterId: string,
  pseudonym: string,
  decision: Decision,
): Promise<SanctionInForce> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockOwnRoom(tx, roomId, broadcasterId))) throw roomsProblem('room_not_found');
    const before = await findSanction(tx, roomId, pseudonym);
    if (before && before.what === decision.what && decision.what !== 'silenced') return before;
    const showId = decision.what === 'removed' ? await openShow(tx, roomId) : null;
    if (showId === undefined) throw roomsProblem('removal_without_show');
    if (!before) await countIsBelowMax(tx, roomId);
    const until =
      decision.what === 'silenced'
        ? sql<Date>`clock_timestamp() + make_interval(mins => ${decision.minutes})`
        : null;
    const row = await tx
      .insertInto('sanctions')
      .values({ room_id: roomId, pseudonym, what: decision.what, until, show_id: showId })
      .onConflict((conflict) =>
        conflict.columns(['room_id', 'pseudonym']).doUpdateSet((excluded) => ({
          what: excluded.ref('excluded.what'),
          until: excluded.ref('excluded.until'),
          show_id: excluded.ref('excluded.show_id'),
          decided_at: excluded.ref('excluded.decided_at'),
        })),
      )
      .returning(['pseudonym', 'what', 'until', 'decided_at'])
      .executeTakeFirstOrThrow();
    const sanction = toSanction(row);
    await appendEvent(tx, roomId, { case: 'viewerSanctioned', value: sanctionToProto(sanction) });
    return sanction;
  });
}

/** Ends what is in force about somebody, if anything is. Throws room_not_found (also for another's room). */
export async function liftSanction(
  db: Database,
  roomId: string,
  broadcasterId: string,
  pseudonym: string,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockOwnRoom(tx, roomId, broadcasterId))) throw roomsProblem('room_not_found');
    const lifted = await findSanction(tx, roomId, pseudonym);
    await tx
      .deleteFrom('sanctions')
      .where('room_id', '=', roomId)
      .where('pseudonym', '=', pseudonym)
      .execute();
    if (!lifted) return false;
    await appendEvent(tx, roomId, {
      case: 'viewerSanctioned',
      value: { pseudonym, sanction: Sanction.LIFTED },
    });
    return true;
  });
}

async function openShow(tx: Transaction<Tables>, roomId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('shows')
    .select('id')
    .where('room_id', '=', roomId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row?.id;
}

async function countIsBelowMax(tx: Transaction<Tables>, roomId: string): Promise<void> {
  const { count } = await tx
    .selectFrom('sanctions')
    .select((room) => room.fn.countAll<bigint>().as('count'))
    .where('room_id', '=', roomId)
    .executeTakeFirstOrThrow();
  if (count >= SANCTIONS_PER_ROOM_MAX) throw roomsProblem('sanctions_too_many');
}
