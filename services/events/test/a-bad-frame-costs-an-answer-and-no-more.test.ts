import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLOSE, WS_FRAME_BYTES_MAX } from '@nightjar/contracts/ws-protocol';
import { MESSAGES_BURST, MESSAGES_OVER_MAX } from '../src/limits.ts';
import { enter, eventsPlatform, newLine, newTip, type Platform, type Pod } from './events-under-test.ts';

let platform: Platform;
let pod: Pod;
let room: { roomId: string; broadcasterId: string };

beforeAll(async () => {
  platform = await eventsPlatform();
  pod = await platform.startPod();
  room = await platform.neighbours.newRoom();
});

afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

test.each([
  ['no JSON', '{', 'malformed_message'],
  ['no object', '7', 'malformed_message'],
  ['an unknown kind', '{"t":"fly"}', 'unknown_message'],
  ['a wrong field', '{"t":"chat","id":"x","body":{}}', 'malformed_message'],
  ['a field too many', JSON.stringify({ ...newTip(), wallet: 'w' }), 'malformed_message'],
  ['an amount of nothing', JSON.stringify({ ...newTip(), amount: '0' }), 'malformed_message'],
  ['an item that is not on the menu', JSON.stringify({ ...newTip(), itemId: 'none' }), 'menu_item_unknown'],
  ['a price that is not the menu’s', JSON.stringify({ ...newTip(), amount: '24' }), 'menu_price_changed'],
  ['what only a bridge may say', '{"t":"permit","n":1}', 'role_missing'],
])('%s: an error with a code, and the socket stays', async (_what, frame, code) => {
  const { socket } = await enter(platform, pod, room, 'viewer');
  socket.say(frame);
  expect((await socket.next('error')).code).toBe(code);
  socket.say({ t: 'ping', n: 7 });
  expect((await socket.next('pong')).n).toBe(7);
  socket.leave();
});

test('a guest may neither speak nor tip', async () => {
  const { socket } = await enter(platform, pod, room, 'guest');
  for (const message of [newLine(), newTip()]) {
    socket.say(message);
    expect(await socket.next('error')).toMatchObject({ re: message.id, code: 'role_missing', retry: false });
  }
  expect(platform.neighbours.tips.asked).toEqual([]);
  socket.leave();
});

test('a frame too large closes with its own code', async () => {
  const { socket } = await enter(platform, pod, room, 'viewer');
  socket.say('x'.repeat(WS_FRAME_BYTES_MAX + 1));
  expect(await socket.closed).toBe(CLOSE.tooLarge.code);
});

test('too many messages are answered so, and far too many close with their own code', async () => {
  const { socket } = await enter(platform, pod, room, 'viewer');
  for (let n = 0; n < MESSAGES_BURST + 2 * MESSAGES_OVER_MAX; n++) socket.say({ t: 'ping', n });
  expect((await socket.next('error')).code).toBe('too_many_messages');
  expect(await socket.closed).toBe(CLOSE.tooMany.code);
});

test('a first message that is no hello closes, as does a ticket that was used', async () => {
  const first = await pod.connect();
  first.say({ t: 'ping', n: 1 });
  expect(await first.closed).toBe(CLOSE.badMessage.code);
  const { ticket } = await pod.ticket(room.roomId);
  const second = await pod.connect();
  second.say({ t: 'hello', ticket });
  await second.next('welcome');
  const third = await pod.connect();
  third.say({ t: 'hello', ticket });
  expect(await third.closed).toBe(CLOSE.ticketInvalid.code);
});
