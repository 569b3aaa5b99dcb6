import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KEYS_MAX } from '@nightjar/contracts/ws-schemas';
import { sealLine } from '@nightjar/sealed/chat-line';
import { randomId } from '../src/ids.ts';
import { KEYS_IN_MESSAGE_MAX, LATE_KEY_MS } from '../src/limits.ts';
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

const count = (word: string): number => room.carried.filter((seen) => seen.includes(word)).length;

test('after a ban the others have a new key, without asking; the banned one has not, though the server goes on', async () => {
  const { keeper } = room.keep();
  const { chat: ada } = room.enter('viewer', 'pn_a');
  const { chat: ben } = room.enter('viewer', 'pn_c');
  await untilState(ada, 'open');
  await untilState(ben, 'open');
  const asked = count('"key-ask"');
  room.server.append({ kind: 'sanction', who: 'pn_c', what: 'banned' });
  await until('a new key', () => keeper.members === 1);
  await untilState(ben, 'waiting');
  await until('ada has it', () => ada.state.is === 'open');
  await ada.say('without you');
  await until('the line is there', () => ben.lines.length === 1);
  expect(texts(ben)).toEqual(['(no_key)']);
  expect(count('"key-ask"')).toBe(asked);
});

test('who was shut out is given no key, however often it asks; a lift lets it in again', async () => {
  const { keeper } = room.keep();
  const { chat: ada } = room.enter('viewer', 'pn_a');
  await untilState(ada, 'open');
  await keeper.exclude('pn_c');
  const { chat: ben } = room.enter('viewer', 'pn_c');
  await untilState(ben, 'waiting');
  // The keeper answers in order: whoever came later has its key, and the ask before got none.
  const { chat: eve } = room.enter('viewer', 'pn_e');
  await untilState(eve, 'open');
  await until('ben has asked', () => count('"key-ask"') >= 3);
  expect(ben.state.is).toBe('waiting');
  room.server.append({ kind: 'sanction', who: 'pn_c', what: 'lifted' });
  await untilState(ben, 'open');
});

test('a removal that was decided while nobody kept the keys is caught up with', async () => {
  const { keeper } = room.keep();
  const { chat: ada } = room.enter('viewer', 'pn_a');
  await untilState(ada, 'open');
  const { statement } = room.server.snapshot.keeper ?? {};
  keeper.close();
  room.server.append({ kind: 'sanction', who: 'pn_c', what: 'removed' });
  // Another run, which sees it in the log's past.
  const second = room.keep();
  await until(
    'there is another key',
    () => room.server.snapshot.keeper?.statement.keyId !== statement?.keyId,
  );
  const { chat: ben } = room.enter('viewer', 'pn_c');
  const { chat: eve } = room.enter('viewer', 'pn_e');
  await untilState(eve, 'open');
  expect(ben.state.is).toBe('waiting');
  second.keeper.close();
});

test('a whole room has its new key in messages that the server takes, and nobody asks', async () => {
  expect(KEYS_IN_MESSAGE_MAX).toBe(KEYS_MAX);
  const { keeper } = room.keep();
  const members = Array.from({ length: 60 }, (_, i) => room.enter('viewer', `pn_${i}`));
  for (const { chat } of members) await untilState(chat, 'open');
  const asked = count('"key-ask"');
  const given = count('"t":"keys"');
  const before = room.server.snapshot.keeper?.statement.keyId;
  await keeper.exclude('pn_0');
  const keyId = room.server.snapshot.keeper?.statement.keyId ?? '';
  expect(keyId).not.toBe(before);
  for (const { chat } of members.slice(1))
    await until('all have it', () => chat.keys.held(keyId) !== undefined);
  expect(members[0]?.chat.keys.held(keyId)).toBeUndefined();
  expect(count('"t":"keys"') - given).toBe(3);
  expect(count('"key-ask"')).toBe(asked);
}, 30_000);

test('what comes under the key before is believed for a moment after the change, and not later', async () => {
  const { keeper } = room.keep();
  const { chat: ada } = room.enter('viewer', 'pn_a');
  const { chat: ben } = room.enter('viewer', 'pn_c');
  await untilState(ada, 'open');
  await untilState(ben, 'open');
  const old = ben.keys.held(room.server.snapshot.keeper?.statement.keyId ?? '');
  const speaker = await ben.keys.speaker('pn_c');
  if (!old || !speaker) throw new Error('ben has no key');
  await keeper.exclude('pn_c');
  const changedMs = Date.parse(room.server.log.at(-1)?.at ?? '');
  await until('the new key is there', () => ada.state.is === 'open');
  const say = async (text: string, lateMs: number): Promise<void> => {
    const id = randomId('msg');
    const body = await sealLine(text, { roomId: ROOM, id, from: 'pn_c', kind: 'line' }, speaker, old.roomKey);
    room.server.append({
      kind: 'chat',
      id,
      from: 'pn_c',
      body,
      at: new Date(changedMs + lateMs).toISOString(),
    });
  };
  await say('on its way', LATE_KEY_MS);
  await say('too late', LATE_KEY_MS + 1);
  await until('both were looked at', () => ada.lines.length === 2);
  expect(texts(ada)).toEqual(['on its way', '(forged)']);
  // Another key later it is no different.
  await keeper.rotate();
  await say('still on its way', LATE_KEY_MS - 1);
  await say('much too late', LATE_KEY_MS * 2);
  await until('these too', () => ada.lines.length === 4);
  expect(texts(ada).slice(2)).toEqual(['still on its way', '(forged)']);
});

test('a new show has a new key, which those who are there get by themselves', async () => {
  const { keeper, chat: own } = room.keep();
  const { chat: ada } = room.enter('viewer', 'pn_a');
  await untilState(ada, 'open');
  await ada.say('before the show');
  const keys: string[] = [];
  keeper.on('keys', ({ keyId }) => keys.push(keyId));
  const show = { kind: 'show', showId: 'show_1', state: 'started', mode: 'public' } as const;
  room.server.snapshot = { ...room.server.snapshot, show: { ...show } };
  room.server.append(show);
  await until('the new key', () => keys.length === 1 && ada.keys.held(keys[0] ?? '') !== undefined);
  await ada.say('in the show');
  await until('both are read', () => texts(own).length === 2);
  const { chat: newcomer } = room.enter('viewer', 'pn_n');
  await until('the newcomer has the log', () => texts(newcomer).join() === '(older),in the show');
});
