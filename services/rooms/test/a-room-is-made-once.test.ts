import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { roomsPlatform } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let token: string;
const body = { name: 'lamp', title: 'A lamp' };

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  token = await platform.neighbours.accessToken(`bcst_${randomUUID()}`);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

const roomCount = async () => Number((await platform.pool.query('select count(*) from rooms')).rows[0].count);

test('the same key at once and again answers the same room', async () => {
  const key = randomUUID();
  const ask = () => rooms.api('POST', '/v1/rooms', { token, key, body });
  const answers = [...(await Promise.all(Array.from({ length: 8 }, ask))), await ask()];
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect(answers[0]?.body.slug).toMatch(/^lamp-[0-9a-z]{6}$/);
  expect(await roomCount()).toBe(1);
  const again = await rooms.api('POST', '/v1/rooms', { token, key, body: { ...body, title: 'Another' } });
  expect(again.body.code).toBe('idempotency_key_reused');
});

test('one name gives many slugs, and a key belongs to its broadcaster', async () => {
  const key = randomUUID();
  const other = await platform.neighbours.accessToken(`bcst_${randomUUID()}`);
  const [a, b] = await Promise.all(
    [token, other].map((t) => rooms.api('POST', '/v1/rooms', { token: t, key, body })),
  );
  expect([a?.status, b?.status]).toEqual([201, 201]);
  expect(a?.body.slug).not.toBe(b?.body.slug);
  expect(a?.body.roomId).not.toBe(b?.body.roomId);
});

test('without its fence there is no room; the same key goes on when geofence is back', async () => {
  const before = await roomCount();
  const key = randomUUID();
  platform.neighbours.fences.away = true;
  const refused = await rooms.api('POST', '/v1/rooms', { token, key, body });
  expect(refused.body).toMatchObject({ code: 'unavailable', retry: true });
  expect(await roomCount()).toBe(before);
  platform.neighbours.fences.away = false;
  const made = await rooms.api('POST', '/v1/rooms', { token, key, body });
  expect(made.status).toBe(201);
  expect(platform.neighbours.fences.created).toContain(made.body.roomId);
});

test('bad wishes are refused by a code', async () => {
  const ask = async (wish: unknown, key?: string) =>
    (await rooms.api('POST', '/v1/rooms', { token, ...(key === undefined ? {} : { key }), body: wish })).body
      .code;
  expect(await ask(body)).toBe('idempotency_key_missing');
  expect(await ask(body, 'x'.repeat(65))).toBe('idempotency_key_missing');
  for (const wrong of [
    {},
    { ...body, name: 'Lamp' },
    { ...body, name: '-' },
    { ...body, title: '  ' },
    { ...body, title: 'A\0' },
    { ...body, x: 1 },
  ])
    expect(await ask(wrong, randomUUID())).toBe('malformed_request');
});

test('a broadcaster has at most 20 rooms, however many are asked for at once', async () => {
  const eager = await platform.neighbours.accessToken(`bcst_${randomUUID()}`);
  const answers = await Promise.all(
    Array.from({ length: 25 }, () =>
      rooms.api('POST', '/v1/rooms', { token: eager, key: randomUUID(), body }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(answers.filter(({ body: problem }) => problem.code === 'rooms_too_many')).toHaveLength(5);
});
