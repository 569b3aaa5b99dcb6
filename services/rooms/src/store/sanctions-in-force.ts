import type { Sanction } from '@nightjar/contracts/ws-protocol';
import { type RawBuilder, sql } from 'kysely';
import type { SanctionPlace } from '../domain/sanction.ts';
import { SANCTIONS_TOLD_MAX } from '../limits.ts';
import type { Database } from './tables.ts';

export interface SanctionInForce {
  readonly pseudonym: string;
  readonly what: Sanction;
  /** Of a silence. */
  readonly until?: Date;
  readonly decidedAt: Date;
}

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

/** What is in force about somebody. */
export async function findSanction(
  db: Database,
  roomId: string,
  pseudonym: string,
): Promise<SanctionInForce | undefined> {
  const row = await db
    .selectFrom('sanctions as s')
    .select(['s.pseudonym', 's.what', 's.until', 's.decided_at'])
    .where('s.room_id', '=', roomId)
    .where('s.pseudonym', '=', pseudonym)
    .where(inForce('s'))
    .executeTakeFirst();
  return row && toSanction(row);
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

export function toSanction(row: { pseudonym: string; what: Sanction; until: Date | null; decided_at: Date }) {
  const { pseudonym, what, until, decided_at: decidedAt } = row;
  return { pseudonym, what, ...(until ? { until } : {}), decidedAt };
}
