import { sql } from 'kysely';
import type { Still } from '../domain/still.ts';
import { roomsProblem } from '../errors.ts';
import { STILL_EVERY_MS } from '../limits.ts';
import type { Database } from './tables.ts';

/**
 * Keeps a still of the show that is on, in the place of the one before; answers when, which is its version.
 * Throws still_without_show, still_too_soon.
 */
export async function putStill(db: Database, roomId: string, still: Still): Promise<Date> {
  return db.transaction().execute(async (tx) => {
    // Shared with nobody who ends the show: what is put is gone with it.
    const show = await tx
      .selectFrom('shows')
      .select('id')
      .where('room_id', '=', roomId)
      .where('ended_at', 'is', null)
      .forShare()
      .executeTakeFirst();
    if (!show) throw roomsProblem('still_without_show');
    const put = await tx
      .insertInto('stills')
      .values({
        show_id: show.id,
        type: still.type,
        bytes: Buffer.from(still.bytes),
        put_at: sql`clock_timestamp()`,
      })
      .onConflict((conflict) =>
        conflict
          .column('show_id')
          .doUpdateSet((excluded) => ({
            type: excluded.ref('excluded.type'),
            bytes: excluded.ref('excluded.bytes'),
            put_at: excluded.ref('excluded.put_at'),
          }))
          .where(
            'stills.put_at',
            '<=',
            sql<Date>`clock_timestamp() - make_interval(secs => ${STILL_EVERY_MS / 1000})`,
          ),
      )
      .returning('put_at')
      .executeTakeFirst();
    if (!put) throw roomsProblem('still_too_soon');
    return put.put_at;
  });
}

/** The latest still of the show that is on. */
export async function findStill(db: Database, roomId: string): Promise<Still | undefined> {
  return db
    .selectFrom('stills as p')
    .innerJoin('shows as s', (join) => join.onRef('s.id', '=', 'p.show_id').on('s.ended_at', 'is', null))
    .select(['p.type', 'p.bytes'])
    .where('s.room_id', '=', roomId)
    .executeTakeFirst();
}
