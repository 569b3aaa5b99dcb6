import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Output } from '@nightjar/contracts/gen/common/v1/effect_pb';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { client } from '@nightjar/kit/rpc-client';
import { newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

const wave = {
  output: 'vibrate',
  durationMs: 5_000,
  points: [
    { atMs: 0, level: 0 },
    { atMs: 500, level: 1000 },
  ],
  repeatMs: 1_000,
};
const item = { itemId: 'wave', name: 'A wave', price: '25', effect: wave };
const put = (version: number, items: unknown[]) =>
  rooms.api('PUT', `/v1/rooms/${room.roomId}/menu`, { token: room.token, body: { version, items } });

test('a menu comes back as it was put, over REST and RPC, and the room is told', async () => {
  const items = [item, { itemId: 'hello', name: 'Say hello', price: '999999999999' }];
  expect((await put(0, items)).body).toEqual({ version: 1, items });
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`)).body.menu).toEqual({ version: 1, items });
  const rpc = client(platform.nats, 'test', RoomsService);
  const { menu, seq } = await rpc.getRoom({ roomId: room.roomId });
  expect(menu).toMatchObject({
    version: 1,
    items: [
      { itemId: 'wave', price: 25n, effect: { output: Output.VIBRATE, durationMs: 5_000, repeatMs: 1_000 } },
      { itemId: 'hello', price: 999_999_999_999n },
    ],
  });
  const { events } = await rpc.listRoomEvents({ roomId: room.roomId, limit: 1 });
  expect(events[0]).toMatchObject({ seq, body: { case: 'menuChanged', value: menu } });
});

test('of two changes to one version one wins', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => put(1, [{ ...item, price: `${i + 1}` }])),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'menu_changed')).toHaveLength(7);
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`)).body.menu.version).toBe(2);
});

test.each<[string, string, unknown[]]>([
  ['an item without a price', 'malformed_request', [{ itemId: 'a', name: 'A' }]],
  ['a price of nothing', 'malformed_request', [{ ...item, price: '0' }]],
  ['a price as a number', 'malformed_request', [{ ...item, price: 25 }]],
  ['an unknown field', 'malformed_request', [{ ...item, colour: 'red' }]],
  ['an unknown output', 'malformed_request', [{ ...item, effect: { ...wave, output: 'heat' } }]],
  ['an endless effect', 'malformed_request', [{ ...item, effect: { ...wave, durationMs: 120_001 } }]],
  ['an effect without points', 'malformed_request', [{ ...item, effect: { ...wave, points: [] } }]],
  [
    'a level above all',
    'malformed_request',
    [{ ...item, effect: { ...wave, points: [{ atMs: 0, level: 1001 }] } }],
  ],
  [
    'an effect that goes back in time',
    'menu_effect_invalid',
    [{ ...item, effect: { ...wave, points: wave.points.toReversed() } }],
  ],
  [
    'a point after the end',
    'menu_effect_invalid',
    [{ ...item, effect: { ...wave, points: [{ atMs: 5_001, level: 1 }] } }],
  ],
  ['a name with a zero byte', 'menu_name_invalid', [{ ...item, name: 'A\0' }]],
  ['two items of one id', 'menu_item_twice', [item, item]],
  [
    'too many items',
    'malformed_request',
    Array.from({ length: 51 }, (_, i) => ({ ...item, itemId: `i${i}` })),
  ],
])('refuses %s by a code, and nothing changes', async (_, code, items) => {
  expect((await put(2, items)).body.code).toBe(code);
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`)).body.menu.version).toBe(2);
});
