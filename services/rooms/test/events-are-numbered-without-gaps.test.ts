import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { RoomEventSchema, RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { partitionFilter, partitionOf, ROOM_EVENTS_STREAM } from '@nightjar/contracts/subjects';
import { client } from '@nightjar/kit/rpc-client';
import { eventually } from '@nightjar/testkit/eventually';
import { newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let pods: Awaited<ReturnType<typeof platform.startRooms>>[];
let room: OwnedRoom;
const CHANGES = 40;

beforeAll(async () => {
  platform = await roomsPlatform();
  pods = [await platform.startRooms(), await platform.startRooms()];
});
afterAll(async () => {
  for (const pod of pods ?? []) await pod[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

/** Starts and ends shows on both pods at once, whoever wins, until there were so many events. */
async function changeALot(): Promise<void> {
  const path = `/v1/rooms/${room.roomId}/shows`;
  const count = async () =>
    Number((await platform.pool.query('select seq from rooms where id = $1', [room.roomId])).rows[0].seq);
  while ((await count()) < CHANGES) {
    await Promise.all(
      pods.flatMap(({ api }) => [
        api('POST', path, { token: room.token, body: { mode: 'public' } }),
        api('DELETE', `${path}/current`, { token: room.token }),
        api('POST', path, { token: room.token, body: { mode: 'public' } }),
      ]),
    );
  }
}

test('numbers go up by one whatever runs at once, and time does not go back', async () => {
  const [first] = pods;
  if (!first) throw new Error('no pod');
  room = await newRoom(first.api, platform.neighbours);
  await changeALot();
  const { rows } = await platform.pool.query(
    'select seq, payload from outbox where room_id = $1 order by seq',
    [room.roomId],
  );
  const events = rows.map(({ payload }) => fromBinary(RoomEventSchema, payload));
  expect(events.map(({ seq }) => Number(seq))).toEqual(rows.map((_, i) => i + 1));
  const times = events.map(({ at }) => Number(at?.seconds) * 1e9 + Number(at?.nanos));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // A show ends before the next one begins.
  const kinds = events.map(({ body }) => body.case);
  expect(kinds).toEqual(kinds.map((_, i) => (i % 2 ? 'showEnded' : 'showStarted')));
});

test('JetStream has each of them, in order, with the trace of the request', async () => {
  const latest = (await platform.pool.query('select seq from rooms where id = $1', [room.roomId])).rows[0]
    .seq;
  await eventually(async () => {
    const unsent = await platform.pool.query('select 1 from outbox where sent_at is null');
    expect(unsent.rowCount).toBe(0);
  });
  const manager = await jetstreamManager(platform.nats);
  await manager.consumers.add(ROOM_EVENTS_STREAM.name, {
    durable_name: 'reader',
    filter_subject: partitionFilter('rooms', partitionOf(room.roomId)),
  });
  const consumer = await jetstream(platform.nats).consumers.get(ROOM_EVENTS_STREAM.name, 'reader');
  const seen: bigint[] = [];
  for await (const message of await consumer.fetch({ max_messages: Number(latest), expires: 5_000 })) {
    seen.push(fromBinary(RoomEventSchema, message.data).seq);
    expect(message.headers?.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-/);
  }
  expect(seen).toEqual(Array.from({ length: Number(latest) }, (_, i) => BigInt(i + 1)));
});

test('ListRoomEvents goes on after a number, and without one tells the latest', async () => {
  const rooms = client(platform.nats, 'test', RoomsService);
  const all = (await rooms.listRoomEvents({ roomId: room.roomId, afterSeq: 0n, limit: 0 })).events;
  expect(all.length).toBeGreaterThanOrEqual(CHANGES);
  const part = (await rooms.listRoomEvents({ roomId: room.roomId, afterSeq: 7n, limit: 5 })).events;
  expect(part.map(({ seq }) => seq)).toEqual([8n, 9n, 10n, 11n, 12n]);
  const last = (await rooms.listRoomEvents({ roomId: room.slug, limit: 3 })).events;
  expect(last.map(({ seq }) => seq)).toEqual(all.slice(-3).map(({ seq }) => seq));
  await expect(rooms.listRoomEvents({ roomId: 'room_none', limit: 3 })).rejects.toMatchObject({
    code: 'room_not_found',
  });
});

test('what GetRoom tells has the number of the event that made it so', async () => {
  const rooms = client(platform.nats, 'test', RoomsService);
  const [first] = pods;
  await first?.api('DELETE', `/v1/rooms/${room.roomId}/shows/current`, { token: room.token });
  await first?.api('POST', `/v1/rooms/${room.roomId}/shows`, { token: room.token, body: { mode: 'public' } });
  const now = await rooms.getRoom({ roomId: room.roomId });
  const { events } = await rooms.listRoomEvents({ roomId: room.roomId, limit: 1 });
  expect(events[0]?.seq).toBe(now.seq);
  expect(events[0]?.body).toMatchObject({ case: 'showStarted', value: { showId: now.show?.showId } });
  expect(now.broadcasterId).toBe(room.broadcasterId);
});
