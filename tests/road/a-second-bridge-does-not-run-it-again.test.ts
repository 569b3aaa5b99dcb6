import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { memoryKeys } from '@nightjar/client/key-store';
import type { Room } from '@nightjar/client/rooms';
import { startTestBridge, type TestBridge } from '../lib/bridge.ts';
import { type Broadcaster, newBroadcaster, newViewer, type Viewer } from '../lib/people.ts';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { until } from '../lib/until.ts';

const TEST_MS_MAX = 60_000;
const TOKENS = 1_000n;

let platform: TestPlatform;
let broadcaster: Broadcaster;
let room: Room;
let first: TestBridge;
let second: TestBridge | undefined;
let viewer: Viewer;

beforeAll(async () => {
  platform = await platformUnderTest();
  broadcaster = await newBroadcaster(platform);
  room = await broadcaster.newRoom();
  first = await startTestBridge(platform, broadcaster, room.roomId);
  viewer = await newViewer(platform, room.roomId, TOKENS);
}, TEST_MS_MAX);

afterAll(async () => {
  viewer?.[Symbol.dispose]();
  await second?.[Symbol.asyncDispose]();
  await first?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

async function earned(): Promise<bigint> {
  const { accessToken } = await broadcaster.identity.accessToken('payments');
  const response = await fetch(`${platform.endpoints.payments}/v1/rooms/${room.roomId}/earnings`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(response.status).toBe(200);
  return BigInt(((await response.json()) as { earned: string }).earned);
}

test(
  'a bridge that takes the seat in the middle of an effect does not run it again, and its money ends once',
  async () => {
    const running = viewer.tip({ itemId: 'long' });
    await until('the effect runs on the first device', () => first.moves);
    const waiting = viewer.tip({ itemId: 'short' });
    await waiting.receipt;

    // Another machine: a journal and a key of its own. It has the same broadcaster.
    second = await startTestBridge(platform, { ...broadcaster, keys: memoryKeys() }, room.roomId);
    expect(first.moves).toBe(false);
    const [cut, next] = await Promise.all([running.end, waiting.end]);
    expect(cut).toMatchObject({ stage: 'partly', settled: 0n, returned: running.amount, ranMs: 0 });
    // What had not begun runs where the seat is now.
    expect(next).toMatchObject({ stage: 'ran', settled: waiting.amount });
    expect([...first.begun]).toEqual([[running.tipId, 1]]);
    expect([...second.begun]).toEqual([[waiting.tipId, 1]]);

    await until('nothing is held', async () => (await viewer.wallet.balance()).held === 0n);
    const { available } = await viewer.wallet.balance();
    expect(available).toBe(TOKENS - waiting.amount);
    expect(await earned()).toBe(waiting.amount);
  },
  TEST_MS_MAX,
);
