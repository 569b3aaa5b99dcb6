import { type Fence, readFence } from '@nightjar/fence/rules';
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** Versions of its rules that are kept for each room. */
export const VERSIONS_KEPT_MAX = 50;

export interface StoredFence {
  readonly roomId: string;
  readonly broadcasterId: string;
  readonly version: number;
  readonly fence: Fence;
}

export type Changed = StoredFence | 'not_found' | 'changed_meanwhile';

export async function findFence(db: Kysely<Tables>, roomId: string): Promise<StoredFence | undefined> {
  const row = await db.selectFrom('fences').selectAll().where('room_id', '=', roomId).executeTakeFirst();
  return (
    row && {
      roomId: row.room_id,
      broadcasterId: row.broadcaster_id,
      version: Number(row.version),
      fence: readFence(row.rules),
    }
  );
}

/** Gives a room its first fence; one that is there already stays as it is. */
export async function createFence(
  db: Kysely<Tables>,
  room: { roomId: string; broadcasterId: string },
  fence: Fence,
): Promise<StoredFence> {
  return await db.transaction().execute(async (tx) => {
    const rules = JSON.stringify(fence);
    const added = await tx
      .insertInto('fences')
      .values({ room_id: room.roomId, broadcaster_id: room.broadcasterId, version: 1n, rules })
      .onConflict((conflict) => conflict.column('room_id').doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows === 1n) await keepVersion(tx, room.roomId);
    const found = await findFence(tx, room.roomId);
    if (!found) throw new Error('a fence vanished while it was made');
    return found;
  });
}

/** Puts new rules, which `readFence` accepts, in the place of the version that the broadcaster has read. */
export async function changeFence(
  db: Kysely<Tables>,
  room: { roomId: string; broadcasterId: string; version: number },
  written: object,
): Promise<Changed> {
  return await db.transaction().execute(async (tx) => {
    const result = await tx
      .updateTable('fences')
      .set({ rules: JSON.stringify(written), version: sql<bigint>`version + 1` })
      .where('room_id', '=', room.roomId)
      .where('broadcaster_id', '=', room.broadcasterId)
      .where('version', '=', BigInt(room.version))
      .executeTakeFirst();
    if (result.numUpdatedRows === 1n) await keepVersion(tx, room.roomId);
    const now = await findFence(tx, room.roomId);
    if (now?.broadcasterId !== room.broadcasterId) return 'not_found';
    return result.numUpdatedRows === 1n ? now : 'changed_meanwhile';
  });
}

/**
 * Raises a version above one that was published already, as after a restored backup: watchers would refuse to go back.
 * Says nothing and does nothing when the row has meanwhile reached it.
 */
export async function raiseVersion(
  db: Kysely<Tables>,
  roomId: string,
  publishedVersion: number,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const result = await tx
      .updateTable('fences')
      .set({ version: BigInt(publishedVersion + 1) })
      .where('room_id', '=', roomId)
      .where('version', '<', BigInt(publishedVersion))
      .executeTakeFirst();
    if (result.numUpdatedRows === 1n) await keepVersion(tx, roomId);
  });
}

/** A page of all rooms' versions, in the order of their ids. */
export async function listVersions(
  db: Kysely<Tables>,
  afterRoomId: string,
  limit: number,
): Promise<{ roomId: string; version: number }[]> {
  const rows = await db
    .selectFrom('fences')
    .select(['room_id', 'version'])
    .where('room_id', '>', afterRoomId)
    .orderBy('room_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ roomId: row.room_id, version: Number(row.version) }));
}

async function keepVersion(tx: Kysely<Tables>, roomId: string): Promise<void> {
  await sql`insert into policy_versions (room_id, version, rules)
    select room_id, version, rules from fences where room_id = ${roomId}`.execute(tx);
  await sql`delete from policy_versions where room_id = ${roomId} and version <=
    (select version from fences where room_id = ${roomId}) - ${VERSIONS_KEPT_MAX}`.execute(tx);
}
