import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { goLive, newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let one: Awaited<ReturnType<typeof platform.startRooms>>;
let two: typeof one;
let room: OwnedRoom;

beforeAll(async () => {
  platform = await roomsPlatform();
  one = await platform.startRooms();
  two = await platform.startRooms();
});
afterAll(async () => {
  await one?.[Symbol.asyncDispose]();
  await two?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

test('of many starts at once on two pods one wins, and one event tells of it', async () => {
  room = await newRoom(one.api, platform.neighbours);
  const asks = Array.from({ length: 20 }, (_, i) =>
    (i % 2 ? one : two).api('POST', `/v1/rooms/${room.roomId}/shows`, {
      token: room.token,
      body: { mode: 'public' },
    }),
  );
  const answers = await Promise.all(asks);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'show_already_on')).toHaveLength(19);
  const { rows } = await platform.pool.query('select event, seq from outbox where room_id = $1', [
    room.roomId,
  ]);
  expect(rows).toEqual([{ event: 'show_started', seq: 1n }]);
});

test('the database itself refuses a second open show', async () => {
  const second = platform.pool.query(
    `insert into shows (id, room_id, mode, started_at) values ('show_x', $1, 'public', now())`,
    [room.roomId],
  );
  await expect(second).rejects.toMatchObject({ code: '23505', constraint: 'one_open_show_per_room' });
});

test('ending twice ends once, and a new show has a name of its own', async () => {
  const before = (await one.api('GET', `/v1/rooms/${room.roomId}`)).body.show.showId;
  const ends = await Promise.all(
    [one, two, one].map(({ api }) =>
      api('DELETE', `/v1/rooms/${room.roomId}/shows/current`, { token: room.token }),
    ),
  );
  expect(ends.map(({ status }) => status)).toEqual([204, 204, 204]);
  expect((await two.api('GET', `/v1/rooms/${room.slug}`)).body.show).toBeUndefined();
  expect(await goLive(two.api, room)).not.toBe(before);
  const { rows } = await platform.pool.query('select event from outbox where room_id = $1 order by seq', [
    room.roomId,
  ]);
  expect(rows.map(({ event }) => event)).toEqual(['show_started', 'show_ended', 'show_started']);
});

test('only the owner starts and ends, and to others the room is none', async () => {
  const stranger = await platform.neighbours.accessToken('bcst_stranger');
  const viewer = await platform.neighbours.accessToken();
  const path = `/v1/rooms/${room.roomId}/shows`;
  const body = { mode: 'public' };
  const refused = await one.api('POST', path, { token: stranger, body });
  const unknown = await one.api('POST', '/v1/rooms/room_none/shows', { token: stranger, body });
  expect(refused.status).toBe(404);
  expect(refused.text).toBe(unknown.text);
  expect((await one.api('DELETE', `${path}/current`, { token: stranger })).status).toBe(404);
  expect((await one.api('POST', path, { token: viewer, body })).body.code).toBe('broadcaster_only');
  expect((await one.api('POST', path, { body })).body.code).toBe('access_token_missing');
});
