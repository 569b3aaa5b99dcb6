import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ChatEntry, LogEntry } from '@nightjar/contracts/ws-protocol';
import { randomId } from '../src/ids.ts';
import type { RoomChat } from '../src/room-chat.ts';
import { ChatRoom, texts, untilState } from './support/chat-room.ts';
import { until } from './support/protocol-server.ts';

let room: ChatRoom;
let ada: RoomChat;
let ben: RoomChat;
let line: ChatEntry;

beforeEach(async () => {
  room = await ChatRoom.start();
  room.keep();
  ada = room.enter('viewer', 'pn_a').chat;
  ben = room.enter('viewer', 'pn_c').chat;
  await untilState(ada, 'open');
  await untilState(ben, 'open');
  await ada.say('I said this once');
  await until('it is read', () => texts(ben).length === 1);
  line = room.server.log.find((entry): entry is LogEntry & ChatEntry => entry.kind === 'chat') as ChatEntry;
});
afterEach(async () => {
  await room[Symbol.asyncDispose]();
});

test.each([
  ['said by another name', () => ({ id: randomId('msg'), from: 'pn_c' })],
  ['said again under another id', () => ({ id: randomId('msg') })],
  [
    'with other bytes',
    () => ({ id: randomId('msg'), body: { ...line.body, bytes: `B${line.body.bytes.slice(1)}` } }),
  ],
  ['of another scheme', () => ({ id: randomId('msg'), body: { ...line.body, scheme: 'plain' } })],
  ['of nothing', () => ({ id: randomId('msg'), body: { ...line.body, bytes: '' } })],
])('a line %s is shown as forged', async (_how, change) => {
  room.server.append({ ...line, ...change() });
  await until('it was looked at', () => ben.lines.length === 2);
  expect(texts(ben)).toEqual(['I said this once', '(forged)']);
});

test('a line that is told twice is there once, and nothing takes its place', async () => {
  room.server.append({ ...line });
  room.server.append({ ...line, from: 'pn_c' });
  await ada.say('and now this');
  await until('what came later is read', () => texts(ben).includes('and now this'));
  expect(texts(ben)).toEqual(['I said this once', 'and now this']);
  expect(ben.lines[0]?.from).toBe('pn_a');
});

test('a server that asks in somebody’s name gets a certificate for nobody', async () => {
  // It passes the ask of one viewer on as another’s: the keeper certifies what it is told, the asker does not take it.
  room.onAsk = (asked) => ({ ...asked, from: 'pn_a' });
  const { chat: eve } = room.enter('viewer', 'pn_e');
  await until(
    'it was answered',
    () => room.carried.filter((seen) => seen.includes('"t":"keys"')).length >= 3,
  );
  await untilState(eve, 'waiting');
  room.onAsk = (asked) => asked;
  await untilState(eve, 'open');
  await eve.say('it is me');
  await until('it is read', () => texts(ben).includes('it is me'));
});

test('a key that the server made up is passed over', async () => {
  const key = { scheme: 'nightjar-key-v1', keyId: 'k', bytes: 'A'.repeat(322) };
  room.server.say({ t: 'key', key });
  room.server.say({ t: 'key', key: { ...key, scheme: 'nightjar-key-wrap-v1' } });
  room.server.say({ t: 'key', key: { ...key, scheme: 'other' } });
  await ada.say('undisturbed');
  await until('it is read', () => texts(ben).includes('undisturbed'));
  expect(ada.keys.held('k')).toBeUndefined();
});
