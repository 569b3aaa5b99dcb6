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

test('two viewers and the broadcaster speak, a guest reads, and the server saw ciphertext only', async () => {
  const { chat: broadcaster } = room.keep();
  const { chat: ada } = room.enter('viewer', 'pn_a');
  const { chat: ben } = room.enter('viewer', 'pn_c');
  const { chat: guest } = room.enter('guest');
  await untilState(guest, 'open');
  await ada.say('good evening, sealed');
  await ben.say('and to you');
  await broadcaster.say('welcome both');
  const all = ['good evening, sealed', 'and to you', 'welcome both'];
  for (const chat of [broadcaster, ada, ben, guest])
    await until('all is read', () => texts(chat).join() === all.join());
  expect(ada.lines.map(({ mine }) => mine)).toEqual([true, false, false]);
  expect(guest.state).toEqual({ is: 'open', speak: false });
  for (const text of all) expect(room.carried.filter((seen) => seen.includes(text))).toEqual([]);
});
