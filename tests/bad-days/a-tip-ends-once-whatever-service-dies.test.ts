import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
let bridge: TestBridge;
let viewer: Viewer;

beforeAll(async () => {
  platform = await platformUnderTest();
  broadcaster = await newBroadcaster(platform);
  room = await broadcaster.newRoom();
  bridge = await startTestBridge(platform, broadcaster, room.roomId);
  viewer = await newViewer(platform, room.roomId, TOKENS);
}, TEST_MS_MAX);

afterAll(async () => {
  viewer?.[Symbol.dispose]();
  await bridge?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

/** The ledger's own word: nothing is held, and what left the wallet is with the room. */
async function moneyIsWhole(): Promise<void> {
  const { accessToken } = await broadcaster.identity.accessToken('payments');
  await until('no tokens are held and none is lost', async () => {
    const response = await fetch(`${platform.endpoints.payments}/v1/rooms/${room.roomId}/earnings`, {
      headers: { authorization: `Bearer ${accessToken}` },
    }).catch(() => undefined);
    if (!response?.ok) return false;
    const { earned } = (await response.json()) as { earned: string };
    const { available, held } = await viewer.wallet.balance();
    return held === 0n && available + BigInt(earned) === TOKENS;
  });
}

test.each(['events', 'payments', 'rooms', 'auth', 'geofence'])(
  '%s is killed while a tip is on its way and another runs: each ends once, ran or returned',
  async (name) => {
    await bridge.untilArmed();
    const running = viewer.tip({ itemId: 'second' });
    await until('the first effect runs', () => bridge.moves);
    const onItsWay = viewer.tip({ itemId: 'short' });
    const service = platform.service(name);
    await service.kill();
    await service.restart();
    const ends = await Promise.all([running.end, onItsWay.end]);
    for (const end of ends) expect(['ran', 'partly', 'expired', 'refused']).toContain(end.stage);
    for (const tip of [running, onItsWay]) {
      const { state, settled, returned } = await viewer.wallet.tip(tip.tipId);
      expect(state).not.toBe('held');
      expect(settled + returned).toBe(tip.amount);
      // A pause for want of a permit may cut an effect in two; it is never begun anew for a second tip's life.
      expect(bridge.begun.get(tip.tipId) ?? 0).toBeLessThanOrEqual(name === 'events' ? 2 : 1);
    }
    await moneyIsWhole();
  },
  TEST_MS_MAX,
);
