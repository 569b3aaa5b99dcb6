import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLOSE } from '@nightjar/contracts/ws-protocol';
import { eventually } from '@nightjar/testkit/eventually';
import { enter, eventsPlatform, type Platform, type Pod } from './events-under-test.ts';

const GERMANY = '88.198.0.1';
const FRANCE = '80.10.0.1';
const NOT_GERMANY = {
  rules: [{ effect: 'deny', kind: 'country', values: ['DE'] }],
  otherwise: 'allow',
  unknown: 'deny',
} as const;

let platform: Platform;
let pod: Pod;

beforeAll(async () => {
  platform = await eventsPlatform();
  pod = await platform.startPod();
});

afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

/** The pod hears of a new room's fence in its own time, and refuses until then. */
function ticketFrom(roomId: string, from: string): Promise<string> {
  return eventually(async () => {
    const { ticket, text } = await pod.ticket(roomId, { from });
    if (!ticket) throw new Error(`no ticket: ${text}`);
    return ticket;
  });
}

test('a ticket for a fenced room is refused with the bytes of an unknown room', async () => {
  const room = await platform.neighbours.newRoom();
  await platform.neighbours.fence(room.roomId, NOT_GERMANY);
  await platform.neighbours.fence(room.roomId, NOT_GERMANY);
  await ticketFrom(room.roomId, FRANCE);
  const fenced = await pod.ticket(room.roomId, { from: GERMANY });
  const unknown = await pod.ticket(`room_${randomUUID()}`, { from: GERMANY });
  expect(fenced.status).toBe(404);
  expect(fenced).toEqual(unknown);
});

test('a ticket carried over the fence opens no socket', async () => {
  const room = await platform.neighbours.newRoom();
  await platform.neighbours.fence(room.roomId, NOT_GERMANY);
  const ticket = await ticketFrom(room.roomId, FRANCE);
  const socket = await pod.connect(GERMANY);
  socket.say({ t: 'hello', ticket });
  expect(await socket.closed).toBe(CLOSE.roomUnknown.code);
});

test('a fence that closes shuts the sockets that it leaves outside within a second, and no other', async () => {
  const room = await platform.neighbours.newRoom();
  const inside = await pod.connect(FRANCE);
  const outside = await pod.connect(GERMANY);
  for (const [socket, from] of [
    [inside, FRANCE],
    [outside, GERMANY],
  ] as const) {
    socket.say({ t: 'hello', ticket: await ticketFrom(room.roomId, from) });
    await socket.next('welcome');
  }
  const closedAt = outside.closed.then((code) => ({ code, at: performance.now() }));
  const before = performance.now();
  await platform.neighbours.fence(room.roomId, NOT_GERMANY);
  const { code, at } = await closedAt;
  expect(code).toBe(CLOSE.roomUnknown.code);
  expect(at - before).toBeLessThan(1_000);
  inside.say({ t: 'ping', n: 1 });
  expect((await inside.next('pong')).n).toBe(1);
});

test('the owner comes in from anywhere', async () => {
  const room = await platform.neighbours.newRoom();
  await platform.neighbours.fence(room.roomId, { ...NOT_GERMANY, otherwise: 'deny' });
  const { welcome } = await enter(platform, pod, room, 'bridge');
  expect(welcome.role).toBe('bridge');
});
