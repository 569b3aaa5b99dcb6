import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Sanction as SanctionProto } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { Sanction } from '@nightjar/contracts/ws-protocol';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Decision, SanctionPlace } from '../domain/sanction.ts';
import { roomsProblem } from '../errors.ts';
import { SANCTIONS_PER_ROOM_MAX, SANCTIONS_TOLD_MAX } from '../limits.ts';
import { appendEvent, lockOwnRoom } from './room-events.ts';
import type { Database, Tables } from './tables.ts';

export interface SanctionInForce {
  readonly pseudonym: string;
  readonly what: Sanction;
  /** Of a silence. */
  readonly until?: Date;
  readonly decidedAt: Date;
}

const PROTO = {
  silenced: SanctionProto.SILENCED,
  removed: SanctionProto.REMOVED,
  banned: SanctionProto.BANNED,
} as const;

/** Whether a sanction (of a table by that alias) keeps its pseudonym out of room and media now. */
export function keepsOut(sanctions: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${sanctions}.${name}`);
  return sql<boolean>`(${column('what')} = 'banned' or (${column('what')} = 'removed' and exists (
    select from shows o where o.id = ${column('show_id')} and o.ended_at is null)))`;
}

function inForce(sanctions: string): RawBuilder<boolean> {
  return sql<boolean>`(${keepsOut(sanctions)} or ${sql.ref(`${sanctions}.until`)} > clock_timestamp())`;
}

export async function isKeptOut(db: Database, roomId: string, pseudonym: string): Promise<boolean> {
  if (pseudonym === '') return false;
  const row = await db
    .selectFrom('sanctions as s')
    .select('s.room_id')
    .where('s.room_id', '=', roomId)
    .where('s.pseudonym', '=', pseudonym)
    .where(keepsOut('s'))
    .executeTakeFirst();
  return row !== undefined;
}

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
    const before = await findInForce(tx, roomId, pseudonym);
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
    const lifted = await findInForce(tx, roomId, pseudonym);
    await tx
      .deleteFrom('sanctions')
      .where('room_id', '=', roomId)
      .where('pseudonym', '=', pseudonym)
      .execute();
    if (!lifted) return false;
    await appendEvent(tx, roomId, {
      case: 'viewerSanctioned',
      value: { pseudonym, sanction: SanctionProto.LIFTED },
    });
    return true;
  });
}

/** What is in force in a room, the latest decision first, from after a place on. */
export async function listSanctions(
  db: Database,
  roomId: string,
  after: SanctionPlace | undefined,
  limit: number,
): Promise<SanctionInForce[]> {
  const rows = await db
    .selectFrom('sanctions as s')
    .select(['s.pseudonym', 's.what', 's.until', 's.decided_at'])
    .where('s.room_id', '=', roomId)
    .where(inForce('s'))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(s.decided_at, s.pseudonym) < (${new Date(after?.decidedAtMs ?? 0)}, ${after?.pseudonym})`,
      ),
    )
    .orderBy('s.decided_at', 'desc')
    .orderBy('s.pseudonym', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toSanction);
}

/** What an empty room log has to know: what nothing but the log holds anybody to comes first. */
export async function sanctionsToTell(db: Database, roomId: string): Promise<SanctionInForce[]> {
  const rows = await db
    .selectFrom('sanctions as s')
    .select(['s.pseudonym', 's.what', 's.until', 's.decided_at'])
    .where('s.room_id', '=', roomId)
    .where(inForce('s'))
    .orderBy(sql`s.what = 'banned'`)
    .orderBy('s.decided_at', 'desc')
    .limit(SANCTIONS_TOLD_MAX)
    .execute();
  return rows.map(toSanction);
}

/** A sanction for the bus. */
export function sanctionToProto({ pseudonym, what, until }: SanctionInForce) {
  return { pseudonym, sanction: PROTO[what], ...(until ? { until: timestampFromDate(until) } : {}) };
}

async function findInForce(
  tx: Transaction<Tables>,
  roomId: string,
  pseudonym: string,
): Promise<SanctionInForce | undefined> {
  const row = await tx
    .selectFrom('sanctions as s')
    .select(['s.pseudonym', 's.what', 's.until', 's.decided_at'])
    .where('s.room_id', '=', roomId)
    .where('s.pseudonym', '=', pseudonym)
    .where(inForce('s'))
    .executeTakeFirst();
  return row && toSanction(row);
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

function toSanction(row: { pseudonym: string; what: Sanction; until: Date | null; decided_at: Date }) {
  const { pseudonym, what, until, decided_at: decidedAt } = row;
  return { pseudonym, what, ...(until ? { until } : {}), decidedAt };
}
