import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readEndpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { randomId } from '@nightjar/client/ids';
import { memoryKeys } from '@nightjar/client/key-store';
import { ProblemError } from '@nightjar/client/problem-error';
import { type Room, Rooms } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import { Wallet } from '@nightjar/client/wallet';
import { startTestBridge, type TestBridge } from '../lib/bridge.ts';
import { type Broadcaster, newBroadcaster, newViewer, type Viewer } from '../lib/people.ts';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { until } from '../lib/until.ts';

const TEST_MS_MAX = 90_000;
/** A dead permit and one more look at the clock. */
const REST_MS_MAX = 1_000;

let platform: TestPlatform;
let broadcaster: Broadcaster;
let room: Room;
let bridge: TestBridge;
let viewer: Viewer;

beforeAll(async () => {
  platform = await platformUnderTest();
  broadcaster = await newBroadcaster(platform);
  room = await broadcaster.newRoom();
  bridge = await startTestBridge(platform, broadcaster, room.roomId);
  viewer = await newViewer(platform, room.roomId, 2_000n);
}, TEST_MS_MAX);

afterAll(async () => {
  viewer?.[Symbol.dispose]();
  await bridge?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'worked';
  } catch (error) {
    return error instanceof ProblemError ? error.code : String(error);
  }
}

async function longEffectRuns(): Promise<void> {
  await bridge.untilArmed();
  viewer.tip({ itemId: 'long' });
  await until('the effect runs', () => bridge.moves);
}

type Way = 'dead' | 'frozen';

/** Takes a server away, and brings it back whatever happens in between: one test's failure is not the next one's. */
async function without(
  name: Parameters<TestPlatform['server']>[0],
  way: Way,
  then: (sinceMono: number) => Promise<void>,
) {
  const server = platform.server(name);
  const since = performance.now();
  await (way === 'dead' ? server.kill() : server.pause());
  try {
    await then(since);
  } finally {
    await (way === 'dead' ? server.restart() : server.resume());
  }
}

/** A tip goes all the way again, by nobody's hand. */
async function allIsWell(): Promise<void> {
  await bridge.untilArmed();
  await until('the device rests', () => !bridge.moves);
  await until('a tip runs', async () => (await viewer.tip({ itemId: 'short' }).end).stage === 'ran', 60_000);
}

const ticket = () => {
  const http = createHttpClient();
  return getTicket({ endpoints: readEndpoints(platform.endpoints), http, roomId: room.roomId, as: 'guest' });
};

test.each<Way>(['dead', 'frozen'])(
  'NATS %s: outputs rest within a second, joins say that it is away, and all recovers',
  async (way) => {
    await longEffectRuns();
    await without('nats', way, async (since) => {
      expect(await bridge.restAfter(since)).toBeLessThanOrEqual(REST_MS_MAX);
      expect(['unavailable', 'deadline']).toContain(await codeOf(ticket()));
    });
    await allIsWell();
  },
  TEST_MS_MAX,
);

test.each<Way>(['dead', 'frozen'])(
  'Redis %s: outputs rest within a second, joins say that it is away, and all recovers',
  async (way) => {
    await longEffectRuns();
    await without('redis', way, async (since) => {
      expect(await bridge.restAfter(since)).toBeLessThanOrEqual(REST_MS_MAX);
      expect(await codeOf(ticket())).toBe('unavailable');
    });
    await allIsWell();
  },
  TEST_MS_MAX,
);

test(
  'PostgreSQL away: what runs goes on, tips and purchases say that it is away, the outcome is kept and settles later',
  async () => {
    await bridge.untilArmed();
    const tip = viewer.tip({ itemId: 'second' });
    await until('the effect runs', () => bridge.moves);
    await without('postgres', 'dead', async () => {
      const endpoints = readEndpoints(platform.endpoints);
      const wallet = new Wallet({ endpoints, http: createHttpClient(), keys: memoryKeys() });
      expect(await codeOf(wallet.id())).toBe('unavailable');
      await until('the effect is over', () => !bridge.moves);
      expect(bridge.begun.get(tip.tipId)).toBe(1);
    });
    expect((await tip.end).stage).toBe('ran');
    await allIsWell();
  },
  TEST_MS_MAX,
);

test(
  'LiveKit away: tips go on, rooms answer, and the picture is there again when it is back',
  async () => {
    const rooms = new Rooms({ endpoints: readEndpoints(platform.endpoints), http: createHttpClient() });
    await without('livekit', 'dead', async () => {
      expect((await rooms.get(room.roomId)).roomId).toBe(room.roomId);
      await allIsWell();
    });
    const { ticket: join } = await ticket();
    expect((await rooms.mediaGrant(room.roomId, join)).url).toMatch(/^ws/);
  },
  TEST_MS_MAX,
);

test(
  'Redis emptied: a new epoch, no money lost, no effect run again',
  async () => {
    await allIsWell();
    const before = new Map(bridge.begun);
    const balance = await viewer.wallet.balance();
    await without('redis', 'dead', async () => {});
    await bridge.untilArmed();
    const line = { scheme: 'test', keyId: 'k', bytes: 'AAAA' };
    await until(
      'a line can be said again',
      async () => (await codeOf(viewer.connection.chat(randomId('msg'), line))) === 'worked',
    );
    expect(new Map(bridge.begun)).toEqual(before);
    expect(await viewer.wallet.balance()).toEqual(balance);
    await allIsWell();
  },
  TEST_MS_MAX,
);

test(
  'NATS emptied: whoever fills a stream makes it again, and all recovers',
  async () => {
    await allIsWell();
    const nats = platform.server('nats');
    await nats.stop();
    await rm(path.join(platform.state.servers, 'nats/jetstream'), { recursive: true });
    await nats.restart();
    await until('a guest is let in', async () => (await codeOf(ticket())) === 'worked');
    await allIsWell();
  },
  TEST_MS_MAX,
);

test('on no such day did a service ask the bus for what it may not', async () => {
  const log = await readFile(platform.server('nats').logFile, 'utf8');
  expect(log).toContain('Server is ready');
  expect(log.split('\n').filter((line) => line.includes('Violation'))).toEqual([]);
});
