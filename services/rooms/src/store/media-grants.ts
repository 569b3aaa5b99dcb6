import type { Database } from './tables.ts';

/** Remembers whose identity it is, so that a denial finds it. Must be committed before the denials are asked. */
export async function rememberGrant(
  db: Database,
  grant: { identity: string; showId: string; roomId: string; pseudonym: string },
): Promise<void> {
  await db
    .insertInto('media_grants')
    .values({
      identity: grant.identity,
      show_id: grant.showId,
      room_id: grant.roomId,
      pseudonym: grant.pseudonym,
    })
    .onConflict((conflict) => conflict.column('identity').doNothing())
    .execute();
}

/** Identities of denied pseudonyms in shows that are on, by show. */
export async function deniedIdentities(db: Database): Promise<Map<string, Set<string>>> {
  const rows = await db
    .selectFrom('denials as d')
    .innerJoin('media_grants as g', (join) =>
      join.onRef('g.room_id', '=', 'd.room_id').onRef('g.pseudonym', '=', 'd.pseudonym'),
    )
    .innerJoin('shows as s', (join) => join.onRef('s.id', '=', 'g.show_id').on('s.ended_at', 'is', null))
    .select(['g.show_id', 'g.identity'])
    .execute();
  const shows = new Map<string, Set<string>>();
  for (const { show_id: showId, identity } of rows)
    shows.set(showId, (shows.get(showId) ?? new Set()).add(identity));
  return shows;
}
