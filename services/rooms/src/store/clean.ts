import { sql } from 'kysely';
import { CLEAN_BATCH, CREATIONS_KEPT_DAYS, OUTBOX_KEPT_DAYS } from '../limits.ts';
import type { Database } from './tables.ts';

/** Deletes one small batch of each thing that has had its time. Answers whether there may be more. */
export async function cleanOnce(db: Database): Promise<boolean> {
  const counts = await Promise.all(
    [
      sql`delete from outbox where (room_id, seq) in (
            select room_id, seq from outbox
            where sent_at is not null and created_at < now() - make_interval(days => ${OUTBOX_KEPT_DAYS})
            limit ${CLEAN_BATCH})`,
      sql`delete from room_creations where (broadcaster_id, key) in (
            select broadcaster_id, key from room_creations
            where created_at < now() - make_interval(days => ${CREATIONS_KEPT_DAYS}) limit ${CLEAN_BATCH})`,
      sql`delete from media_grants where identity in (
            select g.identity from media_grants g join shows s on s.id = g.show_id
            where s.ended_at is not null limit ${CLEAN_BATCH})`,
      sql`delete from sanctions where (room_id, pseudonym) in (
            select room_id, pseudonym from sanctions
            where what = 'silenced' and until < now() limit ${CLEAN_BATCH})`,
      sql`delete from sanctions where (room_id, pseudonym) in (
            select k.room_id, k.pseudonym from sanctions k join shows s on s.id = k.show_id
            where k.what = 'removed' and s.ended_at is not null limit ${CLEAN_BATCH})`,
    ].map(async (statement) => Number((await statement.execute(db)).numAffectedRows ?? 0n)),
  );
  return counts.some((count) => count >= CLEAN_BATCH);
}
