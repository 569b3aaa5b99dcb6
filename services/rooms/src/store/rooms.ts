import { sql } from 'kysely';
import type { Goal } from '../domain/goal.ts';
import { EMPTY_MENU, type Menu } from '../domain/menu.ts';
import { PICTURE_KNOWN_MS } from '../limits.ts';
import type { Database } from './tables.ts';

export interface Show {
  readonly showId: string;
  readonly mode: 'public';
  readonly startedAt: Date;
  /** Somebody publishes, as far as we know. */
  readonly picture: boolean;
  /** When its latest still was put. */
  readonly stillAt?: Date;
}

/** All that an id or a slug can be; whatever else somebody sends is no room's, and no query's. */
const ROOM_NAMED = /^[a-z0-9_-]{1,64}$/;

/** A room as it is at one moment. */
export interface RoomNow {
  readonly roomId: string;
  readonly slug: string;
  readonly broadcasterId: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly goal?: Goal;
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
    .leftJoin('goals as g', 'g.room_id', 'r.id')
    .select(['r.id', 'r.slug', 'r.broadcaster_id', 'r.title', 'r.tags', 'r.seq', 'm.version', 'm.items'])
    .select([
      'g.id as goal_id',
      'g.title as goal_title',
      'g.amount as goal_amount',
      'g.set_at as goal_set_at',
    ])
    .leftJoin('stills as p', 'p.show_id', 's.id')
    .select(['s.id as show_id', 's.mode', 's.started_at', 'p.put_at', pictureKnown('s')])
    .where(idOrSlug.startsWith('room_') ? 'r.id' : 'r.slug', '=', idOrSlug)
    .executeTakeFirst();
  if (!row) return undefined;
  const { show_id: showId, mode, started_at: startedAt } = row;
  const { goal_id: goalId, goal_title: title, goal_amount: amount, goal_set_at: setAt } = row;
  return {
    roomId: row.id,
    slug: row.slug,
    broadcasterId: row.broadcaster_id,
    title: row.title,
    tags: row.tags,
    ...(goalId && title && amount && setAt ? { goal: { goalId, title, amount, setAt } } : {}),
    menu:
      row.version === null || row.items === null ? EMPTY_MENU : { version: row.version, items: row.items },
    ...(showId && mode && startedAt
      ? {
          show: {
            showId,
            mode,
            startedAt,
            picture: row.picture,
            ...(row.put_at ? { stillAt: row.put_at } : {}),
          },
        }
      : {}),
    seq: row.seq,
  };
}

export async function findRoomId(db: Database, idOrSlug: string): Promise<string | undefined> {
  if (!ROOM_NAMED.test(idOrSlug)) return undefined;
  const row = await db
    .selectFrom('rooms')
    .select('id')
    .where(idOrSlug.startsWith('room_') ? 'id' : 'slug', '=', idOrSlug)
    .executeTakeFirst();
  return row?.id;
}

/** Whether a show had a picture at a look that is not too old to rest on. */
export function pictureKnown(shows: 's') {
  return sql<boolean>`coalesce(${sql.ref(`${shows}.picture_at`)} > now() - make_interval(secs => ${PICTURE_KNOWN_MS / 1000}), false)`.as(
    'picture',
  );
}
