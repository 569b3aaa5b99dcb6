import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ChatRoom, texts, untilState } from './support/chat-room.ts';
import { until } from './support/protocol-server.ts';

let room: ChatRoom;

beforeEach(async () => {
  room = await ChatRoom.start();
});
afterEach(async () => {
  await room[Symbol.asyncDispose]();
});

const refused = (code: string) => expect.objectContaining({ code });

test('without a keeper nothing is asked or said, and it is told why', async () => {
  const { chat } = room.enter('viewer', 'pn_a');
  expect(chat.state).toEqual({ is: 'no_keeper' });
  await expect(chat.say('hello?')).rejects.toThrow(refused('no_keeper'));
  expect(room.carried).toEqual([]);
}, 20_000);

test('an ask that was lost is made again, and what came in the meantime is read then', async () => {
  const { chat: own } = room.keep();
  let lost = 0;
  room.onAsk = (asked) => {
    lost += 1;
    return lost <= 1 ? { ...asked, request: { ...asked.request, bytes: 'AAAA' } } : asked;
  };
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'waiting');
  await until('the first ask', () => lost === 1);
  await own.say('are you there?');
  await until('it came', () => texts(chat).join() === '(no_key)');
  const told: string[] = [];
  chat.on('line', (line) => told.push('text' in line ? line.text : line.unreadable));
  await untilState(chat, 'open');
  await until('it is read', () => texts(chat).join() === 'are you there?');
  expect(told).toEqual(['are you there?']);
}, 20_000);

test('a line that is said at once waits for the key', async () => {
  const { chat: own } = room.keep();
  const { chat, connection } = room.enter('viewer', 'pn_a');
  await connection.live();
  await chat.say('first!');
  await until('it is read', () => texts(own).join() === 'first!');
});

test('a guest that comes in as a viewer reads on, and speaks', async () => {
  const { chat: own } = room.keep();
  const guest = room.enter('guest');
  await untilState(guest.chat, 'open');
  await own.say('welcome, whoever you are');
  await until('it is read', () => guest.chat.lines.length === 1);
  const { keys } = guest.chat;
  guest.chat.close();
  guest.connection.close();
  const { chat } = room.enter('viewer', 'pn_a', { keys });
  await until('what a guest read is still read', () => texts(chat).join() === 'welcome, whoever you are');
  await until('and now it may speak', () => chat.state.is === 'open' && chat.state.speak);
  await chat.say('it is me');
  await until('it is read', () => texts(own).includes('it is me'));
});

test('a socket that is lost costs no key, and what was said meanwhile is read', async () => {
  const { chat: own } = room.keep();
  const { chat, connection } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  const asked = room.carried.filter((seen) => seen.includes('"key-ask"')).length;
  room.server.cut();
  await until('it is gone', () => connection.phase === 'reconnecting');
  await connection.live();
  await own.say('back again');
  await until('it is read', () => texts(chat).includes('back again'));
  expect(room.carried.filter((seen) => seen.includes('"key-ask"'))).toHaveLength(asked);
});

test('a room whose log began anew keeps its key: the keeper says it again', async () => {
  const { chat: own } = room.keep();
  const { chat, connection } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  const { statement } = room.server.snapshot.keeper ?? {};
  room.server.epoch = 'e2';
  room.server.snapshot = { tips: [] };
  room.server.log.length = 0;
  room.server.cut();
  await until('it is said again', () => room.server.snapshot.keeper !== undefined);
  expect(room.server.snapshot.keeper?.statement).toEqual(statement);
  await connection.live();
  await chat.say('still here');
  await until('it is read', () => texts(own).includes('still here'));
});

test('what was taken away is gone, also where it waits for its key', async () => {
  const { chat: own, connection } = room.keep();
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  const { id } = await own.say('a slip of the tongue');
  await until('it is read', () => chat.lines.length === 1);
  const struck: string[] = [];
  chat.on('struck', (line) => struck.push(line.id));
  await connection.strike(id);
  await until('it is gone', () => chat.lines.length === 0 && own.lines.length === 0);
  expect(struck).toEqual([id]);
});

test('what cannot be a line is refused before anything is sent', async () => {
  room.keep();
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  for (const typed of ['', ' \n', 'x'.repeat(501)])
    await expect(chat.say(typed)).rejects.toThrow(refused('line_unfit'));
  expect(room.carried.filter((seen) => seen.includes('"t":"chat"'))).toEqual([]);
});

test('a statement that the log did not take is said again, and then the key goes out', async () => {
  const { keeper } = room.keep();
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  const problems: string[] = [];
  keeper.on('problem', ({ code }) => problems.push(code));
  room.refuseStatements = 2;
  await keeper.rotate();
  await until('it is said', () => room.refuseStatements === 0 && problems.length === 2);
  const before = room.server.snapshot.keeper?.statement.keyId;
  await until('it is in the log', () => room.server.snapshot.keeper?.statement.keyId !== before);
  const { keyId = '' } = room.server.snapshot.keeper?.statement ?? {};
  await until('the member has it', () => chat.keys.held(keyId) !== undefined);
  expect(room.carried.filter((seen) => seen.includes('"key-ask"'))).toHaveLength(1);
}, 20_000);
