import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type RoomEvent, RoomEventSchema } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { partitionOf } from '@nightjar/contracts/subjects';
import { currentTraceparent } from '@nightjar/kit/telemetry';
import { sql, type Transaction } from 'kysely';
import { EVENTS_LISTED_BYTES_MAX, EVENTS_LISTED_MAX } from '../limits.ts';
import type { Database, Tables } from './tables.ts';

type Body = Extract<NonNullable<MessageInitShape<typeof RoomEventSchema>['body']>, { case: string }>;

/** The subject's middle for each event. */
const EVENT_NAMES: Record<Body['case'], string> = {
  showStarted: 'show_started',
  showEnded: 'show_ended',
  menuChanged: 'menu_changed',
  faceChanged: 'face_changed',
  goalSet: 'goal_set',
  goalCleared: 'goal_cleared',
  viewerSanctioned: 'viewer_sanctioned',
};

/** Takes the room's lock till the end of the transaction. False: there is no such room of this broadcaster. */
export async function lockOwnRoom(
  tx: Transaction<Tables>,
  roomId: string,
  broadcasterId: string,
): Promise<{ menuVersion: number } | undefined> {
  const row = await tx
    .selectFrom('rooms')
    .select('menu_version')
    .where('id', '=', roomId)
    .where('broadcaster_id', '=', broadcasterId)
    .forUpdate()
    .executeTakeFirst();
  return row && { menuVersion: row.menu_version };
}

/** Numbers an event and puts it into the outbox, in the transaction of what it tells of. */
export async function appendEvent(tx: Transaction<Tables>, roomId: string, body: Body): Promise<void> {
  const { seq, at } = await tx
    .updateTable('rooms')
    .set((room) => ({ seq: room('seq', '+', 1n) }))
    .where('id', '=', roomId)
    // Not now(): that is when the transaction began, and it may have waited for the lock since.
    .returning(['seq', sql<Date>`clock_timestamp()`.as('at')])
    .executeTakeFirstOrThrow();
  const event = create(RoomEventSchema, { roomId, seq, at: timestampFromDate(at), body });
  await tx
    .insertInto('outbox')
    .values({
      room_id: roomId,
      seq,
      partition: partitionOf(roomId),
      event: EVENT_NAMES[body.case],
      payload: Buffer.from(toBinary(RoomEventSchema, event)),
      trace: currentTraceparent() ?? null,
    })
    .execute();
}

/** A room's events in order: those after a number, or the latest ones. Without gaps, and bounded in number and bytes. */
export async function listEvents(
  db: Database,
  roomId: string,
  afterSeq: bigint | undefined,
  limit: number,
): Promise<RoomEvent[]> {
  const rows = await db
    .selectFrom('outbox')
    .select('payload')
    .where('room_id', '=', roomId)
    .$if(afterSeq !== undefined, (query) => query.where('seq', '>', afterSeq ?? 0n))
    .orderBy('seq', afterSeq === undefined ? 'desc' : 'asc')
    .limit(Math.min(limit || EVENTS_LISTED_MAX, EVENTS_LISTED_MAX))
    .execute();
  let bytes = 0;
  const fitting = rows.filter(({ payload }, i) => {
    bytes += payload.length;
    return i === 0 || bytes <= EVENTS_LISTED_BYTES_MAX;
  });
  const events = fitting.map(({ payload }) => fromBinary(RoomEventSchema, payload));
  return afterSeq === undefined ? events.reverse() : events;
}
