import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { client } from '@nightjar/kit/rpc-client';
import { eventually } from '@nightjar/testkit/eventually';
import { testPostgres } from '@nightjar/testkit/test-servers';
import { goLive, newRoom, roomsPlatform } from './rooms-under-test.ts';

let server: Awaited<ReturnType<typeof testPostgres>>;
let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;

beforeAll(async () => {
  server = await testPostgres();
  platform = await roomsPlatform({}, server);
  rooms = await platform.startRooms();
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const missing = async () => {
  const answer = await fetch(`${rooms.urls.internal}/health/ready`);
  return ((await answer.json()) as { missing: string[] }).missing;
};

test('PostgreSQL away: each operation says so by a code; back: nothing is lost', async () => {
  const room = await newRoom(rooms.api, platform.neighbours);
  await goLive(rooms.api, room);
  await server.kill();
  const asks = [
    rooms.api('GET', '/v1/rooms'),
    rooms.api('GET', `/v1/rooms/${room.roomId}`),
    rooms.api('POST', '/v1/rooms', { token: room.token, key: randomUUID(), body: { name: 'a', title: 'A' } }),
    rooms.api('DELETE', `/v1/rooms/${room.roomId}/shows/current`, { token: room.token }),
  ];
  for (const { status, body } of await Promise.all(asks)) {
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'unavailable', retry: true });
  }
  await expect(
    client(platform.nats, 'test', RoomsService).getRoom({ roomId: room.roomId }),
  ).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(await missing()).toEqual(['postgres']);
  await server.restart();
  await eventually(async () => expect(await missing()).toEqual([]));
  expect((await rooms.api('GET', `/v1/rooms/${room.roomId}`)).body.show).toBeDefined();
});

test('NATS away: shows still start and end; back: the room is told in order', async () => {
  const room = await newRoom(rooms.api, platform.neighbours);
  await platform.natsServer.stop();
  await eventually(async () => expect(await missing()).toEqual(['nats']));
  await goLive(rooms.api, room);
  const path = `/v1/rooms/${room.roomId}/shows/current`;
  expect((await rooms.api('DELETE', path, { token: room.token })).status).toBe(204);
  const grant = await rooms.api('POST', `/v1/rooms/${room.roomId}/media-grants`, {
    body: { ticket: 'x'.repeat(43) },
  });
  expect([grant.status, grant.body.retry]).toEqual([expect.any(Number), true]);
  await platform.natsServer.restart();
  await eventually(async () => {
    const { rows } = await platform.pool.query(
      'select event, sent_at is not null as sent from outbox where room_id = $1 order by seq',
      [room.roomId],
    );
    expect(rows).toEqual([
      { event: 'show_started', sent: true },
      { event: 'show_ended', sent: true },
    ]);
  });
  expect(await missing()).toEqual([]);
}, 60_000);

test('told to stop, a pod stops being ready, ends its work and leaves nothing behind', async () => {
  const pod = await platform.startRooms();
  expect((await fetch(`${pod.urls.internal}/health/ready`)).status).toBe(200);
  const began = performance.now();
  await pod[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(5_000);
  await expect(fetch(`${pod.urls.http}/v1/rooms`)).rejects.toThrow();
  // The other pod goes on.
  expect((await rooms.api('GET', '/v1/rooms')).status).toBe(200);
});
