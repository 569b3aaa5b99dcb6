import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role, RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { client } from '@nightjar/kit/rpc-client';
import { goLive, newRoom, type OwnedRoom, pseudonym, roomsPlatform, sanction } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;
const who = pseudonym();

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

const endShow = () => rooms.api('DELETE', `/v1/rooms/${room.slug}/shows/current`, { token: room.token });
async function admitted(pn = who): Promise<boolean> {
  const { admit } = client(platform.nats, 'test', RoomsService);
  return admit({ roomId: room.roomId, pseudonym: pn, broadcasterId: '', role: Role.VIEWER }).then(
    () => true,
    () => false,
  );
}
const told = async () => (await client(platform.nats, 'test', RoomsService).getRoom(room)).sanctions;
const listed = async () =>
  (await rooms.api('GET', `/v1/rooms/${room.slug}/sanctions`, { token: room.token })).body.sanctions;

test('who is removed is out while that show is on, and no longer', async () => {
  await goLive(rooms.api, room);
  expect(await admitted()).toBe(true);
  await sanction(rooms.api, room, who, { what: 'removed' });
  expect(await admitted()).toBe(false);
  expect([(await told()).length, (await listed()).length]).toEqual([1, 1]);
  await endShow();
  expect(await admitted()).toBe(true);
  expect([await told(), await listed()]).toEqual([[], []]);
  await goLive(rooms.api, room);
  expect(await admitted()).toBe(true);
});

test('each show needs its own removal, and without a show there is none', async () => {
  await sanction(rooms.api, room, who, { what: 'removed' });
  expect(await admitted()).toBe(false);
  await endShow();
  const answer = await rooms.api('PUT', `/v1/rooms/${room.slug}/sanctions/${who}`, {
    token: room.token,
    body: { what: 'removed' },
  });
  expect([answer.status, answer.body.code]).toEqual([409, 'removal_without_show']);
});

test('a ban outlives shows, and a later decision stands in its place', async () => {
  await goLive(rooms.api, room);
  await sanction(rooms.api, room, who, { what: 'banned' });
  await endShow();
  expect(await admitted()).toBe(false);
  await goLive(rooms.api, room);
  expect(await admitted()).toBe(false);
  await sanction(rooms.api, room, who, { what: 'silenced', minutes: 1 });
  expect(await admitted()).toBe(true);
  const lift = () => rooms.api('DELETE', `/v1/rooms/${room.slug}/sanctions/${who}`, { token: room.token });
  await sanction(rooms.api, room, who, { what: 'banned' });
  expect([(await lift()).status, (await lift()).status]).toEqual([204, 204]);
  expect(await admitted()).toBe(true);
  expect(await admitted(pseudonym())).toBe(true);
});
