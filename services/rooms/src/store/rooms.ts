import { sql } from 'kysely';
import { EMPTY_MENU, type Menu } from '../domain/menu.ts';
import { PICTURE_KNOWN_MS } from '../limits.ts';
import type { Database } from './tables.ts';

export interface Show {
  readonly showId: string;
  readonly mode: 'public';
  readonly startedAt: Date;
  /** Somebody publishes, as far as we know. */
  readonly picture: boolean;
}

/** All that an id or a slug can be; whatever else somebody sends is no room's, and no query's. */
const ROOM_NAMED = /^[a-z0-9_-]{1,64}$/;

/** A room as it is at one moment. */
export interface RoomNow {
  readonly roomId: string;
  readonly slug: string;
  readonly broadcasterId: string;
  readonly title: string;
  readonly menu: Menu;
  readonly show?: Show;
  /** The number of its latest event. */
  readonly seq: bigint;
}

/** Finds a room by its id or its slug (which never has an underscore), in one look, so that its parts belong together. */
export async function findRoom(db: Database, idOrSlug: string): Promise<RoomNow | undefined> {
  if (!ROOM_NAMED.test(idOrSlug)) return undefined;
  const row = await db
    .selectFrom('rooms as r')
    .leftJoin('menus as m', (join) =>
      join.onRef('m.room_id', '=', 'r.id').onRef('m.version', '=', 'r.menu_version'),
    )
    .leftJoin('shows as s', (join) => join.onRef('s.room_id', '=', 'r.id').on('s.ended_at', 'is', null))
    .select(['r.id', 'r.slug', 'r.broadcaster_id', 'r.title', 'r.seq', 'm.version', 'm.items'])
    .select(['s.id as show_id', 's.mode', 's.started_at', pictureKnown('s')])
    .where(idOrSlug.startsWith('room_') ? 'r.id' : 'r.slug', '=', idOrSlug)
    .executeTakeFirst();
  if (!row) return undefined;
  const { show_id: showId, mode, started_at: startedAt } = row;
  return {
    roomId: row.id,
    slug: row.slug,
    broadcasterId: row.broadcaster_id,
    title: row.title,
    menu:
      row.version === null || row.items === null ? EMPTY_MENU : { version: row.version, items: row.items },
    ...(showId && mode && startedAt ? { show: { showId, mode, startedAt, picture: row.picture } } : {}),
    seq: row.seq,
  };
}

/** Whether a show had a picture at a look that is not too old to rest on. */
export function pictureKnown(shows: 's') {
  return sql<boolean>`coalesce(${sql.ref(`${shows}.picture_at`)} > now() - make_interval(secs => ${PICTURE_KNOWN_MS / 1000}), false)`.as(
    'picture',
  );
}

export async function setTitle(db: Database, roomId: string, title: string): Promise<void> {
  await db.updateTable('rooms').set({ title }).where('id', '=', roomId).execute();
}

export async function isDenied(db: Database, roomId: string, pseudonym: string): Promise<boolean> {
  if (pseudonym === '') return false;
  const row = await db
    .selectFrom('denials')
    .select('room_id')
    .where('room_id', '=', roomId)
    .where('pseudonym', '=', pseudonym)
    .executeTakeFirst();
  return row !== undefined;
}
