import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role, RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { client } from '@nightjar/kit/rpc-client';
import {
  type Answer,
  goLive,
  newRoom,
  type OwnedRoom,
  pseudonym,
  roomsPlatform,
  sanction,
} from './rooms-under-test.ts';

const OUTSIDE = '192.0.2.7';
const INSIDE = '192.0.2.8';
const BANNED = pseudonym();

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
  await goLive(rooms.api, room);
  platform.refuse(room.roomId, OUTSIDE);
  await sanction(rooms.api, room, BANNED, { what: 'banned' });
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

/** All that a client can see of an answer; the date alone may differ. */
function seen({ status, text, headers }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') };
}

test('GET: fenced and unknown are the same, byte for byte, by id and by slug', async () => {
  const unknown = await rooms.api('GET', '/v1/rooms/lamp-000000', { from: OUTSIDE });
  expect(unknown.body).toEqual({
    type: 'urn:nightjar:problem:room_not_found',
    title: 'There is no such room.',
    status: 404,
    code: 'room_not_found',
    retry: false,
  });
  for (const name of [room.roomId, room.slug])
    expect(seen(await rooms.api('GET', `/v1/rooms/${name}`, { from: OUTSIDE }))).toEqual(seen(unknown));
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`, { from: INSIDE })).status).toBe(200);
});

test('names that no room can have are unknown rooms like others', async () => {
  const unknown = seen(await rooms.api('GET', '/v1/rooms/lamp-000000'));
  for (const name of ['a%00b', '%F0%9F%92%A1', 'LAMP-000000', "'", 'x'.repeat(90)])
    expect(seen(await rooms.api('GET', `/v1/rooms/${name}`))).toEqual(unknown);
});

test('media: fenced, banned, unknown and a ticket of another room are the same', async () => {
  const grant = (name: string, ticket: string, from: string) =>
    rooms.api('POST', `/v1/rooms/${name}/media-grants`, { body: { ticket }, from });
  const { ticket } = platform.neighbours;
  const elsewhere = await newRoom(rooms.api, platform.neighbours);
  const unknown = await grant('room_none', ticket('room_none'), INSIDE);
  expect(unknown.body.code).toBe('room_not_found');
  const hidden = [
    await grant(room.roomId, ticket(room.roomId), OUTSIDE),
    await grant(room.roomId, ticket(room.roomId, Role.VIEWER, 'pn_other'), OUTSIDE),
    await grant(room.roomId, ticket(room.roomId, Role.BRIDGE), OUTSIDE),
    await grant(room.slug, ticket(room.roomId, Role.VIEWER, BANNED), INSIDE),
    await grant(room.roomId, ticket(elsewhere.roomId), INSIDE),
  ];
  for (const answer of hidden) expect(seen(answer)).toEqual(seen(unknown));
  expect((await grant(room.slug, ticket(room.roomId), INSIDE)).status).toBe(201);
});

test('a ban answers alike whether a show is on or not', async () => {
  const quiet = await newRoom(rooms.api, platform.neighbours);
  await sanction(rooms.api, quiet, BANNED, { what: 'banned' });
  const answer = await rooms.api('POST', `/v1/rooms/${quiet.roomId}/media-grants`, {
    body: { ticket: platform.neighbours.ticket(quiet.roomId, Role.VIEWER, BANNED) },
  });
  expect(answer.body.code).toBe('room_not_found');
});

test("another's room is none, whatever is asked of it", async () => {
  const token = await platform.neighbours.accessToken('bcst_stranger');
  const asks = (name: string) => [
    rooms.api('PATCH', `/v1/rooms/${name}`, { token, body: { title: 'Mine' } }),
    rooms.api('PUT', `/v1/rooms/${name}/menu`, { token, body: { version: 0, items: [] } }),
    rooms.api('POST', `/v1/rooms/${name}/shows`, { token, body: { mode: 'public' } }),
    rooms.api('DELETE', `/v1/rooms/${name}/shows/current`, { token }),
    rooms.api('GET', `/v1/rooms/${name}/sanctions`, { token }),
    rooms.api('PUT', `/v1/rooms/${name}/sanctions/${BANNED}`, { token, body: { what: 'banned' } }),
    rooms.api('DELETE', `/v1/rooms/${name}/sanctions/${BANNED}`, { token }),
  ];
  const foreign = (await Promise.all(asks(room.slug))).map(seen);
  expect(foreign).toEqual((await Promise.all(asks('lamp-000000'))).map(seen));
  for (const { status } of foreign) expect(status).toBe(404);
});

test('the owner sees and runs her room from where it is fenced off', async () => {
  const { token } = room;
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`, { token, from: OUTSIDE })).status).toBe(200);
  const ticket = platform.neighbours.ticket(room.roomId, Role.BROADCASTER);
  const grant = await rooms.api('POST', `/v1/rooms/${room.slug}/media-grants`, {
    body: { ticket },
    from: OUTSIDE,
  });
  expect(grant.status).toBe(201);
  const stranger = await platform.neighbours.accessToken('bcst_stranger');
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`, { token: stranger, from: OUTSIDE })).status).toBe(
    404,
  );
});

test('Admit: unknown and banned are the same; nobody becomes more than they asked for or are', async () => {
  const { admit } = client(platform.nats, 'test', RoomsService);
  const refusal = { kind: 'not_found', code: 'room_not_found', message: 'There is no such room.' };
  const asked = { roomId: room.roomId, pseudonym: '', broadcasterId: '' };
  await expect(admit({ ...asked, roomId: 'room_none', role: Role.GUEST })).rejects.toMatchObject(refusal);
  for (const role of [Role.VIEWER, Role.GUEST])
    await expect(admit({ ...asked, pseudonym: BANNED, role })).rejects.toMatchObject(refusal);
  for (const role of [Role.BROADCASTER, Role.BRIDGE, Role.UNSPECIFIED]) {
    await expect(admit({ ...asked, broadcasterId: 'bcst_stranger', role })).rejects.toMatchObject(refusal);
    await expect(admit({ ...asked, role })).rejects.toMatchObject(refusal);
  }
  expect(await admit({ ...asked, role: Role.VIEWER })).toMatchObject({ role: Role.GUEST });
  expect(await admit({ ...asked, pseudonym: 'pn_x', role: Role.VIEWER })).toMatchObject({
    role: Role.VIEWER,
  });
  expect(await admit({ ...asked, pseudonym: 'pn_x', role: Role.GUEST })).toMatchObject({ role: Role.GUEST });
  const { broadcasterId } = room;
  expect(await admit({ ...asked, broadcasterId, role: Role.BRIDGE })).toMatchObject({ role: Role.BRIDGE });
  expect(await admit({ ...asked, broadcasterId, role: Role.VIEWER })).toMatchObject({ role: Role.GUEST });
});
