import { expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { FENCE_STREAM } from '@nightjar/contracts/subjects';
import { makePolicyKeys } from '@nightjar/fence/node/policy-keys';
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

async function someRooms(platform: GeofencePlatform, base: string, count: number) {
  const broadcasterId = newBroadcaster();
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  const rooms = Array.from({ length: count }, newRoom);
  for (const roomId of rooms) await platform.rpc.createFence({ roomId, broadcasterId });
  const [fenced = ''] = rooms;
  await askFence(base, fenced, { accessToken, ifMatch: '"1"', put: NOT_GERMANY });
  return { rooms, fenced, open: rooms[1] ?? '', accessToken };
}

/** What a watcher that starts now comes to know, which is what the bucket holds. */
async function newcomersSee(platform: GeofencePlatform, rooms: { fenced: string; open: string }) {
  await using watch = await platform.watch();
  await eventually(async () => expect(watch.ready()).toBe(true));
  return [
    watch.decide(rooms.fenced, GERMANY),
    watch.decide(rooms.fenced, FRANCE),
    watch.decide(rooms.open, GERMANY),
  ];
}
const ALL_WELL = ['refused', 'allowed', 'allowed'];

test('purged, cut, deleted, or filled with rubbish and old policies: the bucket says soon what the table says', async () => {
  await using platform = await geofencePlatform();
  await using geofence = await platform.startGeofence();
  const rooms = await someRooms(platform, geofence.urls.http, 600);
  const healed = () => eventually(async () => expect(await newcomersSee(platform, rooms)).toEqual(ALL_WELL));
  await healed();
  const jsm = await jetstreamManager(platform.nats);
  const bucket = await platform.bucket();

  await jsm.streams.purge(FENCE_STREAM);
  await healed();
  await bucket.purge(rooms.fenced);
  await bucket.delete(rooms.open);
  await healed();
  await bucket.put(rooms.fenced, 'rubbish');
  const another = await bucket.get(rooms.rooms[2] ?? '');
  await bucket.put(rooms.open, another?.value ?? '');
  await healed();
  await bucket.destroy();
  await healed();
}, 120_000);

test('a change while NATS is away is told to be unpublished, and gets there by itself', async () => {
  await using platform = await geofencePlatform();
  await using geofence = await platform.startGeofence();
  await using watch = await platform.watch();
  const rooms = await someRooms(platform, geofence.urls.http, 2);
  await eventually(async () => expect(watch.decide(rooms.open, GERMANY)).toBe('allowed'));
  // The keys of access tokens are known by now, so that geofence can go on without the bus.
  await platform.natsServer.stop();
  const begin = performance.now();
  const changed = await askFence(geofence.urls.http, rooms.open, {
    accessToken: rooms.accessToken,
    ifMatch: '"1"',
    put: NOT_GERMANY,
  });
  expect(changed).toMatchObject({ status: 200, body: { version: 2, published: false } });
  expect(performance.now() - begin).toBeLessThan(2_000);
  expect(watch.decide(rooms.open, GERMANY)).toBe('allowed');
  await platform.natsServer.restart();
  await eventually(async () => expect(watch.decide(rooms.open, GERMANY)).toBe('refused'));
}, 60_000);

test('PostgreSQL set back to a backup: versions are raised above those that watchers have seen', async () => {
  await using platform = await geofencePlatform();
  await using geofence = await platform.startGeofence();
  await using watch = await platform.watch();
  const { open, accessToken } = await someRooms(platform, geofence.urls.http, 2);
  for (let version = 1; version <= 5; version++)
    await askFence(geofence.urls.http, open, {
      accessToken,
      put: { ...(version % 2 === 1 ? NOT_GERMANY : OPEN), version },
    });
  await eventually(async () => expect(watch.decide(open, GERMANY)).toBe('refused'));
  await platform.pool.query(
    'with gone as (delete from policy_versions where room_id = $1) update fences set version = 1, rules = $2 where room_id = $1',
    [open, JSON.stringify(OPEN)],
  );
  await using restarted = await platform.startGeofence();
  await eventually(async () => expect(watch.decide(open, GERMANY)).toBe('allowed'));
  const answer = await askFence(restarted.urls.http, open, { accessToken });
  expect(answer.body.version).toBe(7);
}, 60_000);

test('another fence key signs all policies anew, and whoever trusts both notices nothing', async () => {
  await using platform = await geofencePlatform();
  const next = makePolicyKeys(0);
  await using both = await platform.watch(platform.fenceKeys.publicFile + next.publicFile);
  const rooms = await (async () => {
    await using geofence = await platform.startGeofence();
    return await someRooms(platform, geofence.urls.http, 20);
  })();
  await eventually(async () => expect(both.decide(rooms.open, GERMANY)).toBe('allowed'));
  await using _ = await platform.startGeofence({ fenceKey: next.privateFile });
  await eventually(async () => {
    await using fresh = await platform.watch(next.publicFile);
    await eventually(async () => expect(fresh.ready()).toBe(true));
    for (const roomId of rooms.rooms) expect(fresh.decide(roomId, FRANCE)).toBe('allowed');
  });
  expect(both.decide(rooms.fenced, GERMANY)).toBe('refused');
}, 60_000);

test('cut from PostgreSQL: says so by codes, and comes back alone', async () => {
  await using platform = await geofencePlatform();
  await using geofence = await platform.startGeofence();
  const ready = async () => {
    const response = await fetch(`${geofence.urls.internal}/health/ready`);
    return (await response.json()) as { ok: boolean; missing?: string[] };
  };
  await eventually(async () => expect((await ready()).ok).toBe(true));
  await platform.postgres.stop();
  expect(await ready()).toMatchObject({ ok: false, missing: expect.arrayContaining(['postgres']) });
  const [roomId, broadcasterId] = [newRoom(), newBroadcaster()];
  await expect(platform.rpc.createFence({ roomId, broadcasterId })).rejects.toMatchObject({
    code: 'unavailable',
  });
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  expect(await askFence(geofence.urls.http, roomId, { accessToken })).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
  });
  await platform.postgres.restart();
  await eventually(async () => expect((await ready()).ok).toBe(true));
  expect((await platform.rpc.createFence({ roomId, broadcasterId })).version).toBe(1n);
}, 60_000);
