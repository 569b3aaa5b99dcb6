import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { FENCE_STREAM, fencePolicySubject, ROOM_EVENTS_STREAM } from '@nightjar/contracts/subjects';
import { eventually } from '@nightjar/testkit/eventually';
import { freePort } from '@nightjar/testkit/servers/ports';
import { testNats } from '@nightjar/testkit/test-servers';
import { silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';
import { provisionNats, provisionRoomEvents, updateNats } from '../src/nats-provision.ts';

const STREAMS = [ROOM_EVENTS_STREAM.name, FENCE_STREAM];
const HOUR_NS = 3_600_000_000_000;
const CLUSTER_SIZE = 3;
const CLUSTER_MS_MAX = 20_000;

const stack = new AsyncDisposableStack();
let nc: NatsConnection;
let manager: JetStreamManager;

// Three servers, since only a cluster can keep copies.
beforeAll(async () => {
  const routes = await Promise.all(Array.from({ length: CLUSTER_SIZE }, () => freePort()));
  const servers = await Promise.all(
    routes.map((port, i) =>
      testNats({
        config: `server_name: n${i}
          cluster: { name: test, listen: "127.0.0.1:${port}", routes: ${JSON.stringify(routes.map((each) => `nats://127.0.0.1:${each}`))} }`,
      }),
    ),
  );
  for (const server of servers) stack.use(server);
  nc = await connectNats(servers[0]?.url ?? '', 'test', silentLog);
  stack.defer(() => nc.close());
  manager = await jetstreamManager(nc, { checkAPI: false });
  // Until the servers have a leader among them.
  await eventually(() => manager.getAccountInfo(), CLUSTER_MS_MAX);
}, CLUSTER_MS_MAX);
afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  for (const { config } of await manager.streams.list().next()) await manager.streams.delete(config.name);
});

const copies = async () =>
  Promise.all(STREAMS.map(async (name) => (await manager.streams.info(name)).config.num_replicas));

test('where there is nothing, both are made, with as many copies as are wanted', async () => {
  await provisionNats(nc, 3);
  expect(await copies()).toEqual([3, 3]);
});

test('a stream of three copies is not refused by a service that says one, and is left as it is', async () => {
  await provisionNats(nc, 3);
  await provisionNats(nc, 1);
  expect(await copies()).toEqual([3, 3]);
});

test('a stream of one copy is not refused by a service that says three, and is left as it is', async () => {
  await provisionNats(nc, 1);
  await provisionNats(nc, 3);
  expect(await copies()).toEqual([1, 1]);
});

test('services that start at one moment with different numbers all find their streams', async () => {
  await Promise.all([1, 3, 1, 3, 1].map((number) => provisionNats(nc, number)));
  const [events, policies] = await copies();
  expect([1, 3]).toContain(events);
  expect([1, 3]).toContain(policies);
});

test('setup changes how many copies are kept, and what is stored stays', async () => {
  await updateNats(nc, 1);
  const policy = fencePolicySubject('room_1');
  await jetstream(nc).publish(policy, 'a policy');
  for (const number of [3, 1]) {
    await updateNats(nc, number);
    expect(await copies()).toEqual([number, number]);
    const kept = await manager.streams.getMessage(FENCE_STREAM, { last_by_subj: policy });
    expect(kept?.string()).toBe('a policy');
  }
});

test('setup brings back the form that somebody changed by hand', async () => {
  await provisionNats(nc, 1);
  await manager.streams.update(ROOM_EVENTS_STREAM.name, { max_age: HOUR_NS });
  await provisionNats(nc, 1);
  const maxAge = async () => (await manager.streams.info(ROOM_EVENTS_STREAM.name)).config.max_age;
  expect(await maxAge()).toBe(HOUR_NS);
  await updateNats(nc, 1);
  expect(await maxAge()).toBe(7 * 24 * HOUR_NS);
});

test('more copies than there are servers are refused with a reason', async () => {
  await expect(updateNats(nc, 5)).rejects.toThrow(/peers|replicas|placement/i);
});

test('who may not make a stream does with the one that is there, and says so where there is none', async () => {
  const users = [
    { user: 'all', password: 'p' },
    { user: 'reader', password: 'p', publish: [`$JS.API.STREAM.INFO.${ROOM_EVENTS_STREAM.name}`] },
  ];
  await using server = await testNats({ users });
  const as = (user: string) => connectNats(server.url.replace('//', `//${user}:p@`), 'test', silentLog);
  await using owned = new AsyncDisposableStack();
  const reader = await as('reader');
  owned.defer(() => reader.close());
  const all = await as('all');
  owned.defer(() => all.close());
  await expect(provisionRoomEvents(reader, 1)).rejects.toThrow(/Permissions Violation/);
  await provisionRoomEvents(all, 1);
  await provisionRoomEvents(reader, 3);
});
