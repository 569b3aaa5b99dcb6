import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { client } from '@nightjar/kit/rpc-client';
import { goLive, newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;

beforeAll(async () => {
  platform = await roomsPlatform();
  rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
  await goLive(rooms.api, room);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

const path = () => `/v1/rooms/${room.roomId}`;
const change = (body: unknown) => rooms.api('PATCH', path(), { token: room.token, body });
const putGoal = (body: unknown) => rooms.api('PUT', `${path()}/goal`, { token: room.token, body });
const deleteGoal = () => rooms.api('DELETE', `${path()}/goal`, { token: room.token });
const seen = async () => (await rooms.api('GET', path())).body;
const rpc = () => client(platform.nats, 'test', RoomsService);
async function told() {
  const { events } = await rpc().listRoomEvents({ roomId: room.roomId, afterSeq: 0n, limit: 0 });
  return events.map(({ body }) => body);
}

test('title and tags come back in their normal form, everywhere, and are told when they change', async () => {
  const tags = ['late-night', 'жизнь'];
  const answer = await change({ title: 'Night', tags: ['Late Night', '#LATE_night', 'Жизнь'] });
  expect(answer.body).toMatchObject({ title: 'Night', tags });
  expect(await seen()).toMatchObject({ title: 'Night', tags });
  const [listed] = (await rooms.api('GET', '/v1/rooms')).body.rooms;
  expect(listed).toMatchObject({ roomId: room.roomId, title: 'Night', tags });
  expect((await rpc().getRoom({ roomId: room.roomId })).face).toMatchObject({ title: 'Night', tags });
  const before = (await told()).length;
  expect((await told()).at(-1)).toMatchObject({ case: 'faceChanged', value: { title: 'Night', tags } });
  // No change, nothing told; the one that is left out stays.
  expect((await change({ title: 'Night' })).body).toMatchObject({ title: 'Night', tags });
  expect((await change({ tags })).body).toMatchObject({ title: 'Night', tags });
  expect(await told()).toHaveLength(before);
  expect((await change({ tags: [] })).body).toMatchObject({ title: 'Night', tags: [] });
  expect((await told()).at(-1)).toMatchObject({ case: 'faceChanged', value: { title: 'Night', tags: [] } });
});

test('a goal is told when it is set, set anew and cleared; repeating a request loses no count', async () => {
  expect(await seen()).not.toHaveProperty('goal');
  const first = (await putGoal({ title: 'A dance', amount: '500' })).body;
  expect(first).toMatchObject({ title: 'A dance', amount: '500', goalId: expect.stringMatching(/^goal_/) });
  expect((await putGoal({ title: 'A dance', amount: '500' })).body).toEqual(first);
  expect((await seen()).goal).toEqual(first);
  const second = (await putGoal({ title: 'A dance', amount: '999999999999' })).body;
  expect(second.goalId).not.toBe(first.goalId);
  const { goal } = await rpc().getRoom({ roomId: room.roomId });
  expect(goal).toMatchObject({ goalId: second.goalId, title: 'A dance', amount: 999_999_999_999n });
  expect(Number(goal?.setAt?.seconds) * 1000).toBeCloseTo(Date.parse(second.setAt), -4);
  expect([(await deleteGoal()).status, (await deleteGoal()).status]).toEqual([204, 204]);
  expect(await seen()).not.toHaveProperty('goal');
  expect((await rpc().getRoom({ roomId: room.roomId })).goal).toBeUndefined();
  const third = (await putGoal({ title: 'A dance', amount: '500' })).body;
  expect(third.goalId).not.toBe(first.goalId);
  expect((await told()).slice(-4)).toMatchObject([
    { case: 'goalSet', value: { goalId: first.goalId, amount: 500n } },
    { case: 'goalSet', value: { goalId: second.goalId } },
    { case: 'goalCleared', value: { goalId: second.goalId } },
    { case: 'goalSet', value: { goalId: third.goalId } },
  ]);
});

test.each<[string, string, unknown]>([
  ['nothing', 'malformed_request', {}],
  ['nine tags', 'malformed_request', { tags: Array.from({ length: 9 }, (_, i) => `t${i}`) }],
  ['a tag without end', 'malformed_request', { tags: ['x'.repeat(65)] }],
  ['a tag that is too long', 'tag_invalid', { tags: ['x'.repeat(25)] }],
  ['an empty tag', 'tag_invalid', { tags: [' '] }],
  ['markup', 'tag_invalid', { tags: ['<b>'] }],
  ['a title of two lines', 'malformed_request', { title: 'a\nb' }],
  ['another field', 'malformed_request', { title: 'a', slug: 'b' }],
])('refuses %s by a code, and nothing changes', async (_, code, body) => {
  const before = await seen();
  expect((await change(body)).body.code).toBe(code);
  expect(await seen()).toEqual(before);
});

test.each<[string, unknown]>([
  ['a goal without an amount', { title: 'A' }],
  ['an amount of nothing', { title: 'A', amount: '0' }],
  ['an amount as a number', { title: 'A', amount: 5 }],
  ['more tokens than there are', { title: 'A', amount: '1000000000000' }],
  ['a goal for nothing', { title: ' ', amount: '5' }],
  ['a long story', { title: 'x'.repeat(81), amount: '5' }],
])('refuses %s by a code, and nothing changes', async (_, body) => {
  const before = await seen();
  expect((await putGoal(body)).body.code).toBe('malformed_request');
  expect(await seen()).toEqual(before);
});
