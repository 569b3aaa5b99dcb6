import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { orderedId } from '@nightjar/kit/ids';
import { type Api, roomsPlatform } from './rooms-under-test.ts';

const SHOWS = 25;
const HERE = '192.0.2.8';
const THERE = '192.0.2.7';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
/** Live rooms, newest first; of each pair two began in the same millisecond. */
const live: string[] = [];

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  for (let i = 0; i < SHOWS; i++) {
    const began = Date.now() - 1_000_000 + Math.floor(i / 2);
    const roomId = orderedId('room', began);
    const showId = `show_${i.toString(16).padStart(8, '0')}-0000-7000-8000-${randomBytes(6).toString('hex')}`;
    await platform.pool.query(
      `insert into rooms (id, slug, broadcaster_id, title) values ($1, $1, 'bcst_x', $2)`,
      [roomId, `Room ${i}`],
    );
    await platform.pool.query(
      `insert into shows (id, room_id, mode, started_at) values ($1, $2, 'public', $3)`,
      [showId, roomId, new Date(began)],
    );
    live.unshift(roomId);
  }
  // All but every fifth are hidden from there.
  for (const [i, roomId] of live.entries()) if (i % 5 !== 0) platform.refuse(roomId, THERE);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

async function pages(api: Api, from: string, limit: number): Promise<string[][]> {
  const found: string[][] = [];
  let cursor = '';
  do {
    const { body } = await api('GET', `/v1/rooms?limit=${limit}${cursor && `&cursor=${cursor}`}`, { from });
    found.push(body.rooms.map(({ roomId }: { roomId: string }) => roomId));
    cursor = body.next ?? '';
  } while (cursor);
  return found;
}

test('pages go through all live rooms once, newest first', async () => {
  for (const limit of [1, 4, 5, 24, 25, 26]) {
    const found = await pages(rooms.api, HERE, limit);
    expect(found.flat()).toEqual(live);
    expect(found.map(({ length }) => length)).toEqual(
      Array.from({ length: Math.ceil(SHOWS / limit) }, (_, i) => Math.min(limit, SHOWS - i * limit)),
    );
  }
});

test('hidden rooms leave no short page, no empty last page and no place of theirs', async () => {
  const visible = live.filter((_, i) => i % 5 === 0);
  expect(await pages(rooms.api, THERE, 2)).toEqual([
    visible.slice(0, 2),
    visible.slice(2, 4),
    visible.slice(4),
  ]);
  // The same bytes as in a world where the hidden ones are not.
  const fenced = await rooms.api('GET', '/v1/rooms?limit=3', { from: THERE });
  await platform.pool.query('update shows set ended_at = now() where room_id <> all($1)', [visible]);
  await using other = await platform.startRooms();
  const alone = await other.api('GET', '/v1/rooms?limit=3', { from: THERE });
  expect(alone.text).toBe(fenced.text);
});

test('limits and cursors that are none are refused by a code', async () => {
  const ask = async (query: string) => (await rooms.api('GET', `/v1/rooms?${query}`)).body.code;
  expect(await ask('limit=0')).toBe('malformed_request');
  expect(await ask('limit=101')).toBe('malformed_request');
  expect(await ask('limit=many')).toBe('malformed_request');
  for (const cursor of ['x', Buffer.from('12.show_1').toString('base64url'), '%00'])
    expect(await ask(`cursor=${cursor}`)).toBe('cursor_invalid');
});
