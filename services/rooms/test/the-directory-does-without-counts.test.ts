import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { goLive, newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let room: OwnedRoom;
let empty: OwnedRoom;

beforeAll(async () => {
  platform = await roomsPlatform();
  await using rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
  empty = await newRoom(rooms.api, platform.neighbours);
  await goLive(rooms.api, room);
  await goLive(rooms.api, empty);
  platform.neighbours.viewers.counts.set(room.roomId, 41);
});
afterAll(() => platform?.[Symbol.asyncDispose]());

/** What the directory says of each room, newest first. */
async function viewers({ api }: Awaited<ReturnType<typeof platform.startRooms>>) {
  const { status, body } = await api('GET', '/v1/rooms');
  expect(status).toBe(200);
  return body.rooms.map((listed: { viewers?: number }) => listed.viewers);
}

test('each room has its count, asked once for all who look', async () => {
  await using rooms = await platform.startRooms();
  const before = platform.neighbours.viewers.asked;
  await Promise.all(Array.from({ length: 20 }, () => viewers(rooms)));
  expect(platform.neighbours.viewers.asked - before).toBe(1);
  await eventually(async () => expect(await viewers(rooms)).toEqual([0, 41]));
  platform.neighbours.viewers.counts.set(room.roomId, 42);
  await eventually(async () => expect(await viewers(rooms)).toEqual([0, 42]));
});

test('events away: there is no count and no error; back: counts are back', async () => {
  platform.neighbours.viewers.away = true;
  await using rooms = await platform.startRooms();
  expect(await viewers(rooms)).toEqual([undefined, undefined]);
  platform.neighbours.viewers.away = false;
  await eventually(async () => expect(await viewers(rooms)).toEqual([0, 42]));
});
