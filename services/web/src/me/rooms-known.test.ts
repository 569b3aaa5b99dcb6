import { expect, test } from '@jest/globals';
import { ROOMS_KNOWN_MAX } from './limits.ts';
import { type KnownRoom, readRooms, withRoom } from './rooms-known.ts';

const room = (n: number, at = n): KnownRoom => ({
  roomId: `room_${n}`,
  slug: `room-${n}`,
  title: `Room ${n}`,
  pseudonym: `pn_${n}`,
  at,
});

test('the room visited last is first, and each room stands once', () => {
  const rooms = [room(1), room(2), room(1, 9)].reduce(withRoom, [] as readonly KnownRoom[]);
  expect(rooms).toEqual([room(1, 9), room(2)]);
});

test('the ones visited longest ago go', () => {
  const many = Array.from({ length: ROOMS_KNOWN_MAX + 5 }, (_, n) => room(n));
  const rooms = many.reduce(withRoom, [] as readonly KnownRoom[]);
  expect(rooms).toHaveLength(ROOMS_KNOWN_MAX);
  expect(rooms.at(-1)).toEqual(room(5));
});

test('whatever was kept and is not understood is left out', () => {
  expect(readRooms(null)).toEqual([]);
  expect(readRooms('no JSON')).toEqual([]);
  expect(readRooms('{"roomId":"room_1"}')).toEqual([]);
  expect(readRooms(JSON.stringify([room(1), null, 7, { ...room(2), title: 3 }]))).toEqual([room(1)]);
});
