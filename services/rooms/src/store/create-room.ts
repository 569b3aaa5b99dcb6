import { sql } from 'kysely';
import { roomsProblem } from '../errors.ts';
import { ROOMS_PER_BROADCASTER_MAX } from '../limits.ts';
import type { Database } from './tables.ts';

export interface Wish {
  readonly broadcasterId: string;
  readonly key: string;
  /** A digest of what was asked for. */
  readonly asked: Buffer;
  /** Taken when the key is new. */
  readonly roomId: string;
}

/** The room id that an Idempotency-Key stands for: the same for ever. Throws idempotency_key_reused. */
export async function reserveRoomId(db: Database, wish: Wish): Promise<string> {
  await db
    .insertInto('room_creations')
    .values({ broadcaster_id: wish.broadcasterId, key: wish.key, asked: wish.asked, room_id: wish.roomId })
    .onConflict((conflict) => conflict.columns(['broadcaster_id', 'key']).doNothing())
    .execute();
  const kept = await db
    .selectFrom('room_creations')
    .select(['asked', 'room_id'])
    .where('broadcaster_id', '=', wish.broadcasterId)
    .where('key', '=', wish.key)
    .executeTakeFirstOrThrow();
  if (!kept.asked.equals(wish.asked)) throw roomsProblem('idempotency_key_reused');
  return kept.room_id;
}

/** Makes the room if it is not there yet. Throws rooms_too_many. */
export async function insertRoom(
  db: Database,
  room: { id: string; slug: string; broadcasterId: string; title: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // One creation of this broadcaster at a time, so that the count holds.
    await sql`select pg_advisory_xact_lock(hashtextextended(${room.broadcasterId}, 0))`.execute(tx);
    const others = await tx
      .selectFrom('rooms')
      .select('id')
      .where('broadcaster_id', '=', room.broadcasterId)
      .execute();
    if (others.some(({ id }) => id === room.id)) return;
    if (others.length >= ROOMS_PER_BROADCASTER_MAX) throw roomsProblem('rooms_too_many');
    await tx
      .insertInto('rooms')
      .values({ id: room.id, slug: room.slug, broadcaster_id: room.broadcasterId, title: room.title })
      .execute();
  });
}
