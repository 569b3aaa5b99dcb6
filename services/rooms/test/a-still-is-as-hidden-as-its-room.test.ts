import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { JPEG, PNG, SECRET, WEBP, withSecrets } from './pictures.ts';
import { goLive, newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

const OUTSIDE = '192.0.2.7';
const INSIDE = '192.0.2.8';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
  platform.refuse(room.roomId, OUTSIDE);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

async function put(bytes: Uint8Array<ArrayBuffer>, type: string, of = room) {
  const response = await fetch(`${rooms.urls.http}/v1/rooms/${of.slug}/still`, {
    method: 'PUT',
    body: bytes,
    headers: { authorization: `Bearer ${of.token}`, 'content-type': type },
  });
  const { still, code } = (await response.json()) as { still?: string; code?: string };
  return { status: response.status, still, code };
}

const endShow = () => rooms.api('DELETE', `/v1/rooms/${room.slug}/shows/current`, { token: room.token });
const getStill = (path: string, from = INSIDE) =>
  fetch(`${rooms.urls.http}${path}`, { headers: { 'x-forwarded-for': from } });
/** Time passes by moving what was written into the past. */
const later = (seconds: number) =>
  platform.pool.query('update stills set put_at = put_at - make_interval(secs => $1)', [seconds]);
const stillsKept = async () => (await platform.pool.query('select 1 from stills')).rowCount;

test('a still comes back as the picture that was put, of the kind that it is, and room and directory name it', async () => {
  await goLive(rooms.api, room);
  const { still } = await put(Uint8Array.from(WEBP), 'image/webp');
  expect(still).toMatch(new RegExp(`^/v1/rooms/${room.roomId}/still\\?v=\\d+$`));
  const answer = await getStill(still ?? '');
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/webp',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=10',
  });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(WEBP);
  const seen = (await rooms.api('GET', `/v1/rooms/${room.slug}`)).body;
  const directory = (await rooms.api('GET', '/v1/rooms')).body;
  expect([seen.show.still, directory.rooms[0].still]).toEqual([still, still]);
  await later(5);
  // A client may call it what it likes.
  const next = await put(Uint8Array.from(JPEG), 'image/png');
  expect(next.still).not.toBe(still);
  expect((await getStill(next.still ?? '')).headers.get('content-type')).toBe('image/jpeg');
});

test('whom the fence keeps out learns of no still, and gets the answer for a room that never was', async () => {
  const seen = async (path: string) => {
    const answer = await getStill(path, OUTSIDE);
    return [answer.status, await answer.text(), [...answer.headers].filter(([name]) => name !== 'date')];
  };
  const unknown = await seen('/v1/rooms/lamp-000000/still');
  expect(unknown[0]).toBe(404);
  for (const name of [room.roomId, room.slug])
    for (const query of ['', '?v=1']) expect(await seen(`/v1/rooms/${name}/still${query}`)).toEqual(unknown);
  expect((await getStill(`/v1/rooms/${room.slug}/still`)).status).toBe(200);
});

test('it is gone with its show, and a show begins without one', async () => {
  expect(await stillsKept()).toBe(1);
  await endShow();
  expect(await stillsKept()).toBe(0);
  const answer = await rooms.api('GET', `/v1/rooms/${room.slug}/still`);
  expect([answer.status, answer.body.code]).toEqual([404, 'still_not_found']);
  expect(await put(Uint8Array.from(WEBP), 'image/webp')).toMatchObject({
    status: 409,
    code: 'still_without_show',
  });
  await goLive(rooms.api, room);
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}/still`)).body.code).toBe('still_not_found');
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`)).body.show.still).toBeUndefined();
});

test('however puts and ends of shows cross each other, nothing is left of a show that is over', async () => {
  for (let i = 0; i < 10; i++) {
    const puts = [put(Uint8Array.from(PNG), 'image/png'), put(Uint8Array.from(PNG), 'image/png')];
    await Promise.all([...puts, endShow()]);
    expect(await stillsKept()).toBe(0);
    await goLive(rooms.api, room);
  }
});

test('one in five seconds, from however many studios', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => put(Uint8Array.from(PNG), 'image/png')));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'still_too_soon')).toHaveLength(5);
  await later(4.5);
  expect((await put(Uint8Array.from(PNG), 'image/png')).code).toBe('still_too_soon');
  await later(0.5);
  expect((await put(Uint8Array.from(PNG), 'image/png')).status).toBe(200);
});

test('nobody reads out of it where and by whom it was taken', async () => {
  for (const { type, written } of withSecrets()) {
    await later(5);
    const { still } = await put(Uint8Array.from(written), type);
    expect(Buffer.from(await (await getStill(still ?? '')).arrayBuffer()).includes(SECRET)).toBe(false);
  }
});

test('what is no picture, or too large, is refused by a code, and only the owner puts one', async () => {
  await later(5);
  const page = Uint8Array.from(Buffer.from('<script>alert(1)</script>'));
  expect(await put(page, 'image/png')).toMatchObject({ status: 422, code: 'still_invalid' });
  expect(await put(new Uint8Array(0), 'image/png')).toMatchObject({ code: expect.any(String) });
  expect(await put(page, 'text/html')).toMatchObject({ status: 400, code: 'malformed_request' });
  const padded = (length: number) => Uint8Array.from(Buffer.concat([PNG, Buffer.alloc(length - PNG.length)]));
  expect((await put(padded(96 * 1024 + 1), 'image/png')).code).toBe('body_too_large');
  expect((await put(padded(96 * 1024), 'image/png')).status).toBe(200);
  const stranger = await platform.neighbours.accessToken('bcst_stranger');
  expect(await put(Uint8Array.from(PNG), 'image/png', { ...room, token: stranger })).toMatchObject({
    status: 404,
    code: 'room_not_found',
  });
});
