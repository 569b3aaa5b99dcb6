import { sql } from 'kysely';
import type { SweepPlan } from '../domain/sweep-plan.ts';
import { PICTURE_COUNT_LATE_MS, PICTURE_WRITTEN_MS, SWEEP_EVERY_MS } from '../limits.ts';
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

/** Writes down in which open shows somebody publishes. What was looked into lately stands against what was only counted. */
export async function rememberPictures(
  db: Database,
  plan: Pick<SweepPlan, 'withPicture' | 'lookedInto'>,
): Promise<void> {
  const publishes = sql<boolean>`id = any(${plan.withPicture})`;
  const looked = sql<boolean>`id = any(${plan.lookedInto})`;
  const before = (ms: number) => sql<Date>`clock_timestamp() - make_interval(secs => ${ms / 1000})`;
  await db
    .updateTable('shows')
    .set({
      picture_at: sql`case when ${publishes} then clock_timestamp() end`,
      looked_at: sql`case when ${looked} then clock_timestamp() else looked_at end`,
    })
    .where('ended_at', 'is', null)
    // Of thousands of shows most are as they were a moment ago: those are not written again at each hint.
    .where(
      sql<boolean>`(${looked} or coalesce(looked_at < ${before(PICTURE_COUNT_LATE_MS)}, true) and
        case when ${publishes} then coalesce(picture_at < ${before(PICTURE_WRITTEN_MS)}, true) else picture_at is not null end)`,
    )
    .execute();
}
