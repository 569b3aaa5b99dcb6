import { expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { DRAIN_SPREAD_MS } from '../src/limits.ts';
import type { Pod, TestSocket } from './events-under-test.ts';
import { onTwoPods, platform, pods, room } from './two-pods.ts';

onTwoPods();

async function through(
  pod: Pod,
  edge: string | undefined,
  as: 'guest' | 'bridge' = 'guest',
): Promise<TestSocket> {
  const access =
    as === 'bridge' ? await platform.neighbours.accessToken(room.roomId, room.broadcasterId) : undefined;
  const ticket = await eventually(async () => {
    const asked = await pod.ticket(room.roomId, {
      as,
      ...(access ? { access, bridgeKey: 'k'.repeat(43) } : {}),
    });
    if (!asked.ticket) throw new Error(asked.text);
    return asked.ticket;
  });
  const socket = edge === undefined ? await pod.connect() : await pod.connectThrough(edge);
  socket.stays = true;
  socket.say({ t: 'hello', ticket });
  await socket.next('welcome');
  return socket;
}

test('an edge that goes has its sockets told on every pod, bridges at once, and no other', async () => {
  const gone = [await through(pods[0], 'edge_1'), await through(pods[1], 'edge_1')];
  const bridge = await through(pods[1], 'edge_1', 'bridge');
  const others = [await through(pods[0], 'edge_2'), await through(pods[1], undefined)];
  expect(await pods[0].going('edge_1')).toBe(204);
  for (const socket of gone) {
    const { inMs } = await socket.next('going');
    expect(inMs).toBeGreaterThanOrEqual(0);
    expect(inMs).toBeLessThanOrEqual(DRAIN_SPREAD_MS);
  }
  expect((await bridge.next('going')).inMs).toBe(0);
  for (const socket of others) {
    socket.say({ t: 'ping', n: 1 });
    await socket.next('pong');
    expect(socket.heard.filter(({ t }) => t === 'going')).toEqual([]);
  }
  for (const socket of [...gone, bridge, ...others]) socket.leave();
});

test('an edge says it of itself alone, and whoever is no edge finds nothing there', async () => {
  expect(await pods[0].going('edge_1', 'edge_2')).toBe(403);
  const response = await fetch(`${pods[0].urls.http}/edge/v1/going`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ edge: 'edge_1' }),
  });
  expect(response.status).toBe(404);
});
