import { IDENTITIES_REMOVED_MAX } from '../limits.ts';
import { keepsOut } from './sanctions-in-force.ts';
import type { Database } from './tables.ts';

export interface GivenGrant {
  readonly identity: string;
  readonly showId: string;
  readonly roomId: string;
  /** Empty for guests and for the owner. */
  readonly pseudonym: string;
  readonly owner: boolean;
}

/**
 * Remembers whose identity it is, so that the gate knows it and a sanction finds it. Must be committed before the
 * sanctions are asked.
 */
export async function rememberGrant(db: Database, grant: GivenGrant): Promise<void> {
  await db
    .insertInto('media_grants')
    .values({
      identity: grant.identity,
      show_id: grant.showId,
      room_id: grant.roomId,
      pseudonym: grant.pseudonym,
      owner: grant.owner,
    })
    .onConflict((conflict) => conflict.column('identity').doNothing())
    .execute();
}

/** Gives a guest's grant a name. One that has a name, and the owner's, stays as it is. */
export async function nameGrant(
  db: Database,
  grant: { identity: string; showId: string; roomId: string; pseudonym: string },
): Promise<void> {
  await db
    .updateTable('media_grants')
    .set({ pseudonym: grant.pseudonym })
    .where('identity', '=', grant.identity)
    .where('show_id', '=', grant.showId)
    .where('room_id', '=', grant.roomId)
    .where('pseudonym', '=', '')
    .where('owner', '=', false)
    .execute();
}

/** The grant of an identity for a show, if that show is on and no sanction keeps its pseudonym out. */
export async function findGrantInForce(
  db: Database,
  identity: string,
  showId: string,
): Promise<{ roomId: string; owner: boolean } | undefined> {
  const row = await db
    .selectFrom('media_grants as g')
    .innerJoin('shows as s', (join) => join.onRef('s.id', '=', 'g.show_id').on('s.ended_at', 'is', null))
    .select(['g.room_id', 'g.owner'])
    .where('g.identity', '=', identity)
    .where('g.show_id', '=', showId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sanctions as k')
            .select('k.room_id')
            .whereRef('k.room_id', '=', 'g.room_id')
            .whereRef('k.pseudonym', '=', 'g.pseudonym')
            .where(keepsOut('k')),
        ),
      ),
    )
    .executeTakeFirst();
  return row && { roomId: row.room_id, owner: row.owner };
}

/** What LiveKit calls a pseudonym in the show that is on; the newest first, and not more than a few. */
export async function identitiesOf(
  db: Database,
  roomId: string,
  pseudonym: string,
): Promise<{ showId: string; identity: string }[]> {
  const rows = await db
    .selectFrom('media_grants as g')
    .innerJoin('shows as s', (join) => join.onRef('s.id', '=', 'g.show_id').on('s.ended_at', 'is', null))
    .select(['g.show_id', 'g.identity'])
    .where('g.room_id', '=', roomId)
    .where('g.pseudonym', '=', pseudonym)
    .orderBy('g.created_at', 'desc')
    .limit(IDENTITIES_REMOVED_MAX)
    .execute();
  return rows.map(({ show_id: showId, identity }) => ({ showId, identity }));
}

/** Identities of those whom a sanction keeps out of shows that are on, by show. */
export async function keptOutIdentities(db: Database): Promise<Map<string, Set<string>>> {
  const rows = await db
    .selectFrom('sanctions as k')
    .innerJoin('media_grants as g', (join) =>
      join.onRef('g.room_id', '=', 'k.room_id').onRef('g.pseudonym', '=', 'k.pseudonym'),
    )
    .innerJoin('shows as s', (join) => join.onRef('s.id', '=', 'g.show_id').on('s.ended_at', 'is', null))
    .select(['g.show_id', 'g.identity'])
    .where(keepsOut('k'))
    .execute();
  const shows = new Map<string, Set<string>>();
  for (const { show_id: showId, identity } of rows)
    shows.set(showId, (shows.get(showId) ?? new Set()).add(identity));
  return shows;
}
