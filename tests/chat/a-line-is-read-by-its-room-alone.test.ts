import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ChatKeeper } from '@nightjar/client/chat-keeper';
import { readEndpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { randomId } from '@nightjar/client/ids';
import { memoryKeeperStore } from '@nightjar/client/keeper-store';
import { RoomChat } from '@nightjar/client/room-chat';
import { RoomConnection } from '@nightjar/client/room-connection';
import type { Room } from '@nightjar/client/rooms';
import { keeperCode } from '@nightjar/sealed/chat-keeper-statement';
import { type Carried, listenToEverything } from '../lib/everything-carried.ts';
import { type Broadcaster, newBroadcaster, newViewer, type Viewer } from '../lib/people.ts';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { until } from '../lib/until.ts';

const TEST_MS_MAX = 60_000;

let platform: TestPlatform;
let carried: Carried;
let broadcaster: Broadcaster;
let room: Room;
let studio: RoomConnection;
let keeper: ChatKeeper;
let own: RoomChat;
const people: Viewer[] = [];
const said: string[] = [];

async function enter(): Promise<Viewer> {
  const viewer = await newViewer(platform, room.roomId, 100n);
  const { chat } = viewer;
  people.push(viewer);
  await until('a newcomer can speak', () => chat.state.is === 'open' && chat.state.speak);
  return viewer;
}

function texts(chat: RoomChat): string[] {
  return chat.lines.map((line) => ('text' in line ? line.text : `(${line.unreadable})`));
}

/** Long enough that it is nowhere by chance. */
function line(words: string): string {
  const text = `${words} ${randomId('canary')}`;
  said.push(text);
  return text;
}

beforeAll(async () => {
  platform = await platformUnderTest({ instances: { events: 2 } });
  carried = await listenToEverything(platform);
  broadcaster = await newBroadcaster(platform);
  room = await broadcaster.newRoom();
  const { identity, keys } = broadcaster;
  const endpoints = readEndpoints(platform.endpoints);
  studio = new RoomConnection({
    ...{ endpoints, http: createHttpClient(), roomId: room.roomId, identity },
    as: 'broadcaster',
  });
  keeper = new ChatKeeper({ connection: studio, keys, store: memoryKeeperStore() });
  own = new RoomChat({ connection: studio, keeper });
  await studio.live();
  await until('the keys are kept', () => keeper.phase === 'keeping');
}, TEST_MS_MAX);

afterAll(async () => {
  for (const viewer of people) viewer[Symbol.dispose]();
  own?.close();
  keeper?.close();
  studio?.close();
  await carried?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

test(
  'two viewers, a guest and the broadcaster read each other',
  async () => {
    const ada = await enter();
    const ben = await enter();
    const endpoints = readEndpoints(platform.endpoints);
    using connection = new RoomConnection({
      ...{ endpoints, http: createHttpClient(), roomId: room.roomId },
      as: 'guest',
    });
    using guest = new RoomChat({ connection });
    await until('the guest can read', () => guest.state.is === 'open');
    expect(guest.state).toEqual({ is: 'open', speak: false });
    // What the two sides would compare.
    const code = await keeperCode(room.roomId, await keeper.publicKey());
    for (const { keeperKey = new Uint8Array() } of [ada.chat, ben.chat, guest])
      expect(await keeperCode(room.roomId, keeperKey)).toBe(code);
    const lines = [line('from ada'), line('from ben'), line('from the broadcaster')] as const;
    await ada.chat.say(lines[0]);
    await ben.chat.say(lines[1]);
    await own.say(lines[2]);
    for (const chat of [ada.chat, ben.chat, own, guest])
      await until('all lines are read', () => texts(chat).join() === lines.join());
  },
  TEST_MS_MAX,
);

test(
  'a tip’s note is read by the room',
  async () => {
    const [ada, ben] = people;
    if (!ada || !ben) throw new Error('nobody is here');
    const tipId = randomId('tip');
    const text = line('a note');
    const heard: unknown[] = [];
    ben.chat.on('note', (note) => heard.push(note));
    const note = await ada.chat.sealNote(text, tipId);
    const tip = ada.tip({ tipId, itemId: 'hello', note });
    expect((await tip.end).stage).toBe('paid');
    await until('the note is read', () => heard.length > 0);
    expect(heard).toEqual([{ tipId, text }]);
  },
  TEST_MS_MAX,
);

test(
  'a banned viewer is out, and cannot read what is said afterwards; those who stay can',
  async () => {
    const [ada, ben] = people;
    if (!ada || !ben) throw new Error('nobody is here');
    const { pseudonym = '' } = ben.connection;
    const before = ben.chat.keys;
    const keys: string[] = [];
    keeper.on('keys', ({ keyId }) => keys.push(keyId));
    await broadcaster.rooms.sanction(room.roomId, pseudonym, { what: 'banned' });
    await until('the banned one is out', () => ben.connection.phase === 'closed');
    expect(ben.connection.reason?.code).toBe('removed');
    await until(
      'a new key is in force',
      () => keys.length === 1 && ada.chat.keys.held(keys[0] ?? '') !== undefined,
    );
    const text = line('without ben');
    await ada.chat.say(text);
    await until('who stays reads it', () => texts(own).includes(text) && texts(ada.chat).includes(text));
    expect(before.held(keys[0] ?? '')).toBeUndefined();
  },
  TEST_MS_MAX,
);

test(
  'a line that was taken away is gone for those who have it, and for newcomers',
  async () => {
    const [ada] = people;
    if (!ada) throw new Error('nobody is here');
    const text = line('to be struck');
    const { id } = await ada.chat.say(text);
    await until('it is there', () => texts(own).includes(text));
    await studio.strike(id);
    await until('it is gone', () => !texts(own).includes(text) && !texts(ada.chat).includes(text));
    const { chat } = await enter();
    await until('the newcomer has the log', () => chat.lines.length > 0);
    expect(texts(chat)).not.toContain(text);
  },
  TEST_MS_MAX,
);

test(
  'nothing that was said is on the bus, in Redis, in PostgreSQL, in JetStream or in a log',
  async () => {
    expect(said.length).toBeGreaterThan(4);
    expect(carried.messages.bus).toBeGreaterThan(10);
    expect(carried.messages.redis).toBeGreaterThan(10);
    expect(await carried.find(...said)).toEqual([]);
    // The search finds what is there: the room's id, which everybody may know.
    expect((await carried.find(room.roomId)).length).toBeGreaterThan(2);
  },
  TEST_MS_MAX,
);
