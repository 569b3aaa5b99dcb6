import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { PERMIT_MS, type ServerMessage } from '@nightjar/contracts/ws-protocol';
import { eventually } from '@nightjar/testkit/eventually';
import { enter, eventsPlatform, type Platform, type Pod, type TestSocket } from './events-under-test.ts';

let platform: Platform;
let pod: Pod;
let room: { roomId: string; broadcasterId: string };

beforeAll(async () => {
  platform = await eventsPlatform();
});

afterAll(async () => {
  await platform[Symbol.asyncDispose]();
});

beforeEach(async () => {
  pod = await platform.startPod();
  room = await platform.neighbours.newRoom();
});

let asks = 0;
type Answer = Extract<ServerMessage, { t: 'permit' | 'refused' }>;

async function ask(socket: TestSocket): Promise<string> {
  const n = ++asks;
  socket.say({ t: 'permit', n });
  const answer = await socket.find(
    (message): message is Answer => (message.t === 'permit' || message.t === 'refused') && message.n === n,
    'answer',
  );
  return answer.t === 'permit' ? 'given' : answer.code;
}

async function seated(take = false): Promise<TestSocket> {
  const { socket } = await enter(platform, pod, room, 'bridge');
  await eventually(async () => {
    socket.say({ t: 'seat', take });
    expect(await socket.next('seat')).toMatchObject({ held: true });
  });
  return socket;
}

test('without the seat there is no permit; with it there is, for PERMIT_MS', async () => {
  const { socket } = await enter(platform, pod, room, 'bridge');
  expect(await ask(socket)).toBe('seat_lost');
  const holder = await seated();
  holder.say({ t: 'permit', n: 0 });
  expect(await holder.next('permit', ({ n }) => n === 0)).toMatchObject({ forMs: PERMIT_MS });
  await pod[Symbol.asyncDispose]();
});

test('a second bridge gets no permit while the first holds the seat, and the first none once the second took it', async () => {
  const first = await seated();
  expect(await ask(first)).toBe('given');
  const { socket: second } = await enter(platform, pod, room, 'bridge');
  second.say({ t: 'seat', take: false });
  expect(await second.next('seat')).toMatchObject({ held: false, code: 'seat_taken' });
  expect(await ask(second)).toBe('seat_lost');
  second.say({ t: 'seat', take: true });
  await second.next('seat');
  expect(await ask(first)).toBe('seat_lost');
  await pod[Symbol.asyncDispose]();
});

test('while the bus is frozen permits are refused within half a second, and given again when it is back', async () => {
  const socket = await seated();
  expect(await ask(socket)).toBe('given');
  await platform.nats.pause();
  const frozenAt = performance.now();
  await eventually(async () => expect(await ask(socket)).toBe('unavailable'), 1_000);
  expect(performance.now() - frozenAt).toBeLessThan(1_000);
  await platform.nats.resume();
  await eventually(async () => expect(await ask(socket)).toBe('given'));
  await pod[Symbol.asyncDispose]();
});

test('while Redis is frozen permits are refused, and given again when it is back', async () => {
  const socket = await seated();
  expect(await ask(socket)).toBe('given');
  await platform.redis.pause();
  expect(await ask(socket)).toBe('unavailable');
  await platform.redis.resume();
  await eventually(async () => expect(await ask(socket)).toBe('given'));
  await pod[Symbol.asyncDispose]();
});

test('a pod that goes tells its bridge first, and gives permits until the bridge had time to move', async () => {
  const socket = await seated();
  socket.stays = true;
  const going = pod[Symbol.asyncDispose]();
  expect((await socket.next('going')).inMs).toBe(0);
  expect(await ask(socket)).toBe('given');
  socket.leave();
  await going;
});
