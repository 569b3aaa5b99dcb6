import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import {
  type Answer,
  goLive,
  newRoom,
  type OwnedRoom,
  pseudonym,
  roomsPlatform,
} from './rooms-under-test.ts';

const INSIDE = '192.0.2.8';
const OUTSIDE = '192.0.2.7';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;
let showId: string;

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
  showId = await goLive(rooms.api, room);
  platform.refuse(room.roomId, OUTSIDE);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

async function grantFor(role: Role, of = room): Promise<string> {
  const who = role === Role.VIEWER ? pseudonym() : '';
  const ticket = platform.neighbours.ticket(of.roomId, role, who);
  const { body } = await rooms.api('POST', `/v1/rooms/${of.slug}/media-grants`, { body: { ticket } });
  return body.accessToken;
}

function gate(accessToken: string, throughEdge = INSIDE): Promise<Answer> {
  return rooms.api('POST', '/edge/v1/media-admissions', { body: { accessToken }, throughEdge });
}

/** Signed like LiveKit's own access tokens, with whatever claims. */
function signed(claims: object, secret = platform.config.livekitSecret): Promise<string> {
  const jwt = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' });
  return jwt.sign(new TextEncoder().encode(secret));
}

/** All that a client can see of an answer; the date alone may differ. */
function seen({ status, text, headers }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') };
}

test.each([Role.GUEST, Role.VIEWER, Role.BROADCASTER])('a grant of role %s opens it', async (role) => {
  expect((await gate(await grantFor(role))).status).toBe(204);
});

test('whatever else is shown is refused, all of it alike', async () => {
  const now = Math.floor(Date.now() / 1000);
  const claims = { ...decodeJwt(await grantFor(Role.VIEWER)), exp: now + 600 };
  const video = { room: showId, roomJoin: true, canSubscribe: true };
  expect((await gate(await signed(claims))).status).toBe(204);
  const ended = await newRoom(rooms.api, platform.neighbours);
  await goLive(rooms.api, ended);
  const over = await grantFor(Role.BROADCASTER, ended);
  await rooms.api('DELETE', `/v1/rooms/${ended.slug}/shows/current`, { token: ended.token });
  const elsewhere = await newRoom(rooms.api, platform.neighbours);
  const otherShow = await goLive(rooms.api, elsewhere);
  const refused = await Promise.all(
    [
      'nonsense',
      await signed(claims, 'another secret of at least thirty-two bytes'),
      new UnsecuredJWT(claims).encode(),
      await signed({ ...claims, iss: 'another' }),
      await signed({ ...claims, exp: now - 61 }),
      await signed({ ...claims, exp: undefined }),
      await signed({ ...claims, nbf: now + 300 }),
      // Signed by us, but remembered for nobody.
      await signed({ ...claims, sub: `ses_${randomUUID()}` }),
      await signed({ ...claims, sub: undefined }),
      // An identity of this show, in another one that is on, and in none.
      await signed({ ...claims, video: { ...video, room: otherShow } }),
      await signed({ ...claims, video: { ...video, room: undefined } }),
      // As our own services ask LiveKit for things.
      await signed({ ...claims, video: { roomAdmin: true, room: otherShow } }),
      await signed({ ...claims, video: { ...video, roomJoin: false } }),
      over,
    ].map((accessToken) => gate(accessToken)),
  );
  const unknown = await rooms.api('GET', '/v1/rooms/lamp-000000');
  for (const answer of refused) expect(seen(answer)).toEqual(seen(unknown));
});

test('the fence decides by the facts that the edge says, and never keeps the owner out', async () => {
  const [guest, viewer, owner] = await Promise.all(
    [Role.GUEST, Role.VIEWER, Role.BROADCASTER].map((role) => grantFor(role)),
  );
  const statuses = async (...grants: (string | undefined)[]) =>
    Promise.all(grants.map(async (grant) => (await gate(grant ?? '', OUTSIDE)).status));
  expect(await statuses(guest, viewer, owner)).toEqual([404, 404, 204]);
});

test('the edge alone may ask, and a body that is none is refused as one', async () => {
  const accessToken = await grantFor(Role.GUEST);
  const asked = (throughEdge: object) =>
    rooms.api('POST', '/edge/v1/media-admissions', { body: { accessToken }, ...throughEdge });
  expect((await asked({})).body.code).toBe('not_found');
  expect((await rooms.api('GET', `/edge/v1/rooms/${room.slug}`)).body.code).toBe('not_found');
  for (const body of [
    {},
    { accessToken: '' },
    { accessToken: 'x'.repeat(4_097) },
    { accessToken, more: 1 },
  ]) {
    const answer = await rooms.api('POST', '/edge/v1/media-admissions', { body, throughEdge: INSIDE });
    expect(answer.body.code).toBe('malformed_request');
  }
});

test('the edge learns which room a slug names, and of no other', async () => {
  const name = (slug: string) => rooms.api('GET', `/edge/v1/rooms/${slug}`, { throughEdge: OUTSIDE });
  expect((await name(room.slug)).body).toEqual({ roomId: room.roomId });
  expect((await name(room.roomId)).body).toEqual({ roomId: room.roomId });
  for (const none of ['lamp-000000', 'a%00b', "'"])
    expect((await name(none)).body.code).toBe('room_not_found');
});

test('what is decided about a viewer holds for the guest that they were before', async () => {
  const guest = await grantFor(Role.GUEST);
  const stranger = await grantFor(Role.GUEST);
  const who = pseudonym();
  const ticket = platform.neighbours.ticket(room.roomId, Role.VIEWER, who);
  const body = { ticket, instead: guest };
  expect((await rooms.api('POST', `/v1/rooms/${room.slug}/media-grants`, { body })).status).toBe(201);
  expect((await gate(guest)).status).toBe(204);
  await rooms.api('PUT', `/v1/rooms/${room.slug}/sanctions/${who}`, {
    token: room.token,
    body: { what: 'banned' },
  });
  expect((await gate(guest)).status).toBe(404);
  expect((await gate(stranger)).status).toBe(204);
});
