import { sql } from 'kysely';
import { PICTURE_WRITTEN_MS, SWEEP_EVERY_MS } from '../limits.ts';
import type { Database } from './tables.ts';

/** Whether it is this pod's turn to sweep: one of all pods gets it per pace, by the database's clock. */
export async function takeTurn(db: Database): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sweep')
    .set({ swept_at: sql`clock_timestamp()` })
    .where('swept_at', '<=', sql<Date>`clock_timestamp() - make_interval(secs => ${SWEEP_EVERY_MS / 1000})`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function openShows(db: Database): Promise<Set<string>> {
  const rows = await db.selectFrom('shows').select('id').where('ended_at', 'is', null).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Writes down in which open shows somebody publishes. */
export async function rememberPictures(db: Database, withPicture: readonly string[]): Promise<void> {
  await db
    .updateTable('shows')
    .set({ picture_at: sql`case when id = any(${withPicture}) then clock_timestamp() end` })
    .where('ended_at', 'is', null)
    // Of thousands of shows most are as they were a moment ago: those are not written again at each hint.
    .where(
      sql<boolean>`case when id = any(${withPicture})
        then picture_at is null or picture_at < clock_timestamp() - make_interval(secs => ${PICTURE_WRITTEN_MS / 1000})
        else picture_at is not null end`,
    )
    .execute();
}
