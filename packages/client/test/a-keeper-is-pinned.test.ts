import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { signStatement } from '@nightjar/sealed/chat-keeper-statement';
import { generateSigningKeyPair } from '@nightjar/sealed/keys';
import { memoryPins } from '../src/keeper-pins.ts';
import { memoryKeeperStore } from '../src/keeper-store.ts';
import { memoryKeys } from '../src/key-store.ts';
import { ChatRoom, texts, untilState } from './support/chat-room.ts';
import { ROOM } from './support/join.ts';
import { until } from './support/protocol-server.ts';

let room: ChatRoom;

beforeEach(async () => {
  room = await ChatRoom.start();
});
afterEach(async () => {
  await room[Symbol.asyncDispose]();
});

const refused = (code: string) => expect.objectContaining({ code });
const asks = (): number => room.carried.filter((seen) => seen.includes('"key-ask"')).length;

test('somebody else who says to keep the keys is not believed until a person has looked', async () => {
  const first = room.keep();
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  const known = chat.keeperKey;
  const second = room.keep();
  await untilState(chat, 'keeper_changed');
  expect(chat.state).toMatchObject({ why: 'other_key', publicKey: await second.keeper.publicKey() });
  expect(chat.keeperKey).toEqual(known);
  await until('the first has heard of it', () => first.keeper.phase === 'replaced');
  await second.chat.say('trust me');
  await until('the line is there', () => chat.lines.length === 1);
  expect(texts(chat)).toEqual(['(no_key)']);
  await expect(chat.say('hello')).rejects.toThrow(refused('keeper_changed'));
  chat.acceptKeeper();
  await untilState(chat, 'open');
  await until('it is read now', () => texts(chat).join() === 'trust me');
  expect(chat.keeperKey).toEqual(await second.keeper.publicKey());
  await chat.say('hello');
});

test('the device remembers: the change is told to whoever comes again, and to nobody who comes first', async () => {
  const pins = memoryPins();
  const first = room.keep();
  const before = room.enter('viewer', 'pn_a', { pins });
  await untilState(before.chat, 'open');
  before.chat.close();
  before.connection.close();
  first.keeper.close();
  first.connection.close();
  const second = room.keep();
  await until('another one keeps the keys', () => second.keeper.phase === 'keeping');
  const { chat: again } = room.enter('viewer', 'pn_a', { pins });
  const { chat: newcomer } = room.enter('viewer', 'pn_c');
  await untilState(again, 'keeper_changed');
  await untilState(newcomer, 'open');
});

test('an old statement that is shown again is found out', async () => {
  const pins = memoryPins();
  const { keeper } = room.keep();
  const first = room.enter('viewer', 'pn_a', { pins });
  await untilState(first.chat, 'open');
  const old = room.server.snapshot.keeper;
  await keeper.rotate();
  await until('the new one is pinned', () => first.chat.keys.held(keyIdNow()) !== undefined);
  first.connection.close();
  keeper.close();
  room.server.snapshot = { tips: [], ...(old ? { keeper: old } : {}) };
  room.server.history = 0;
  const { chat } = room.enter('viewer', 'pn_a', { pins });
  await untilState(chat, 'keeper_changed');
  expect(chat.state).toMatchObject({ why: 'old' });
});

test('a statement that nobody signed changes nothing', async () => {
  room.keep();
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  const somebody = await generateSigningKeyPair({ extractable: false });
  const forged = await signStatement({ number: 9, keyId: 'k' }, `${ROOM}x`, somebody);
  room.server.append({ kind: 'keeper', statement: forged });
  room.server.append({ kind: 'keeper', statement: { scheme: 's', keyId: 'k', bytes: 'AA' } });
  await chat.say('still here');
  await until('it is read', () => texts(chat).join() === 'still here');
  expect(chat.state).toEqual({ is: 'open', speak: true });
});

test('a keeper that comes back with its keys is the same, and nobody asks again', async () => {
  const kept = { keys: memoryKeys(), store: memoryKeeperStore() };
  const first = room.keep(kept);
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  await chat.say('before');
  first.keeper.close();
  first.connection.close();
  const asked = asks();
  const second = room.keep(kept);
  await until('it keeps them again', () => second.keeper.phase === 'keeping');
  await chat.say('after');
  await until('both are read, and by the keeper too', () => texts(second.chat).join() === 'before,after');
  expect(texts(chat)).toEqual(['before', 'after']);
  expect(asks()).toBe(asked);
});

test('a keeper whose store was lost goes on with a later number, so that its room believes it', async () => {
  const keys = memoryKeys();
  const first = room.keep({ keys });
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  await first.keeper.rotate();
  first.keeper.close();
  first.connection.close();
  const second = room.keep({ keys });
  await until('it keeps them again', () => second.keeper.phase === 'keeping');
  await chat.say('after');
  await until('it is read', () => texts(second.chat).includes('after'));
  expect(chat.state).toEqual({ is: 'open', speak: true });
});

test('two windows of one broadcaster share their keys, and either may make the new one', async () => {
  const kept = { keys: memoryKeys(), store: memoryKeeperStore() };
  const one = room.keep(kept);
  await until('one keeps them', () => one.keeper.phase === 'keeping');
  const other = room.keep(kept);
  await until('the other does too', () => other.keeper.phase === 'keeping');
  const { chat } = room.enter('viewer', 'pn_a');
  await untilState(chat, 'open');
  await one.keeper.rotate();
  await until('the other has it', () => other.chat.keys.held(keyIdNow()) !== undefined);
  await other.keeper.rotate();
  await until('and back', () => one.chat.keys.held(keyIdNow()) !== undefined);
  await chat.say('hello');
  for (const window of [one, other]) await until('both read', () => texts(window.chat).join() === 'hello');
  expect([one.keeper.phase, other.keeper.phase]).toEqual(['keeping', 'keeping']);
});

function keyIdNow(): string {
  return room.server.snapshot.keeper?.statement.keyId ?? '';
}
