import type { LiveRoom } from '../domain/directory.ts';
import { DIRECTORY_SHOWS_MAX } from '../limits.ts';
import { pictureKnown } from './rooms.ts';
import type { Database } from './tables.ts';

/** Rooms with a public show, newest first. */
export async function listLiveRooms(db: Database): Promise<LiveRoom[]> {
  const rows = await db
    .selectFrom('shows as s')
    .innerJoin('rooms as r', 'r.id', 's.room_id')
    .leftJoin('stills as p', 'p.show_id', 's.id')
    .select(['r.id', 'r.slug', 'r.title', 'r.tags', 'p.put_at'])
    .select(['s.id as show_id', 's.started_at', pictureKnown('s')])
    .where('s.ended_at', 'is', null)
    .where('s.mode', '=', 'public')
    .orderBy('s.started_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(DIRECTORY_SHOWS_MAX)
    .execute();
  return rows.map((row) => ({
    roomId: row.id,
    slug: row.slug,
    title: row.title,
    tags: row.tags,
    showId: row.show_id,
    startedAt: row.started_at,
    picture: row.picture,
    ...(row.put_at ? { stillAt: row.put_at } : {}),
  }));
}
