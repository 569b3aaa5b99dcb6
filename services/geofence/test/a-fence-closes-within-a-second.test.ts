import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import {
  askFence,
  FRANCE,
  GERMANY,
  type GeofencePlatform,
  geofencePlatform,
  NOT_GERMANY,
  newBroadcaster,
  newRoom,
  OPEN,
} from './geofence-under-test.ts';

const stack = new AsyncDisposableStack();
let platform: GeofencePlatform;
let pods: string[] = [];
beforeAll(async () => {
  platform = stack.use(await geofencePlatform());
  for (let i = 0; i < 2; i++) pods = [...pods, stack.use(await platform.startGeofence()).urls.http];
});
afterAll(() => stack.disposeAsync());

test('a new room is closed, then open to all; each change is in force within a second of the request', async () => {
  await using watch = await platform.watch();
  const [roomId, broadcasterId] = [newRoom(), newBroadcaster()];
  await eventually(async () => expect(watch.ready()).toBe(true));
  expect(watch.decide(roomId, FRANCE)).toBe('refused');
  expect((await platform.rpc.createFence({ roomId, broadcasterId })).version).toBe(1n);
  await eventually(async () => expect(watch.decide(roomId, FRANCE)).toBe('allowed'));
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  const took: number[] = [];
  for (let version = 1; version <= 16; version++) {
    const fenced = version % 2 === 1;
    const begin = performance.now();
    const answer = await askFence(pods[version % 2] ?? '', roomId, {
      accessToken,
      ifMatch: `"${version}"`,
      put: fenced ? NOT_GERMANY : OPEN,
    });
    expect(answer).toMatchObject({ status: 200, etag: `"${version + 1}"`, body: { published: true } });
    await eventually(async () => expect(watch.decide(roomId, GERMANY)).toBe(fenced ? 'refused' : 'allowed'));
    took.push(performance.now() - begin);
    expect(watch.decide(roomId, FRANCE)).toBe('allowed');
  }
  expect(Math.max(...took)).toBeLessThan(1_000);
}, 30_000);

test('CreateFence again changes nothing, and for another broadcaster is refused', async () => {
  const [roomId, broadcasterId] = [newRoom(), newBroadcaster()];
  await platform.rpc.createFence({ roomId, broadcasterId });
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  await askFence(pods[0] ?? '', roomId, { accessToken, put: { ...NOT_GERMANY, version: 1 } });
  expect((await platform.rpc.createFence({ roomId, broadcasterId })).version).toBe(2n);
  expect((await askFence(pods[1] ?? '', roomId, { accessToken })).body).toEqual({
    roomId,
    version: 2,
    ...NOT_GERMANY,
    unknown: 'deny',
  });
  await expect(platform.rpc.createFence({ roomId, broadcasterId: newBroadcaster() })).rejects.toMatchObject({
    code: 'fence_of_another',
  });
  for (const bad of [
    { roomId: 'room_1', broadcasterId },
    { roomId: newRoom(), broadcasterId: '' },
  ])
    await expect(platform.rpc.createFence(bad)).rejects.toMatchObject({ code: 'malformed_request' });
});

test('of ten changes to one version at the same moment, on two pods, one is made', async () => {
  const [roomId, broadcasterId] = [newRoom(), newBroadcaster()];
  await platform.rpc.createFence({ roomId, broadcasterId });
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      askFence(pods[i % 2] ?? '', roomId, { accessToken, ifMatch: '"1"', put: NOT_GERMANY }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'fence_changed')).toHaveLength(9);
  const { rows } = await platform.pool.query(
    'select version from policy_versions where room_id = $1 order by 1',
    [roomId],
  );
  expect(rows).toEqual([{ version: 1n }, { version: 2n }]);
});
