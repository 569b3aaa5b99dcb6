import { expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { FENCE_BUCKET, FENCE_STREAM } from '@nightjar/contracts/subjects';
import { silentLog } from '@nightjar/kit/log';
import { provisionNats } from '@nightjar/kit/nats-provision';
import { testNats } from '@nightjar/testkit/test-servers';
import { compile } from '../src/compile.ts';
import { makePolicyKeys, parsePolicySigner } from '../src/node/policy-keys.ts';
import { watchPolicies } from '../src/node/watch-policies.ts';
import type { Fence } from '../src/rules.ts';
import { signPolicy } from '../src/sign.ts';
import { eventually, FRANCE, GERMANY, NOT_GERMANY, newRoom, OPEN, watching } from './watching.ts';

test('NATS away and back: what is known holds, and what changes afterwards is heard', async () => {
  await using bus = await watching();
  await using watch = await bus.watch();
  const [fenced, open] = [newRoom(), newRoom()];
  await bus.publish(fenced, 1, NOT_GERMANY);
  await bus.publish(open, 1, OPEN);
  await eventually(() => expect(watch.decide(open, GERMANY)).toBe('allowed'));
  await bus.server.stop();
  expect([watch.decide(fenced, GERMANY), watch.decide(open, GERMANY)]).toEqual(['refused', 'allowed']);
  await bus.server.restart();
  await eventually(() => bus.publish(open, 2, NOT_GERMANY));
  await eventually(() => expect(watch.decide(open, GERMANY)).toBe('refused'));
  expect(watch.decide(open, FRANCE)).toBe('allowed');
}, 60_000);

test('a change whose announcement was lost is found in the bucket', async () => {
  // A user who may not hear announcements loses them all.
  const users = [
    { user: 'geofence', password: 'g' },
    { user: 'deaf', password: 'd', subscribe: ['_INBOX.>'] },
  ];
  await using server = await testNats({ users });
  const enter = (user: string, pass: string) => connect({ servers: server.url, user, pass });
  const [nc, deaf] = [await enter('geofence', 'g'), await enter('deaf', 'd')];
  await provisionNats(nc);
  const { privateFile, publicFile } = makePolicyKeys(Date.now());
  const signer = parsePolicySigner(privateFile);
  const bucket = await new Kvm(nc).open(FENCE_BUCKET);
  const room = newRoom();
  const publish = async (version: number, fence: Fence) =>
    bucket.put(room, await signPolicy(compile(fence, { roomId: room, version }), signer));
  await publish(1, OPEN);
  await using watch = await watchPolicies(deaf, publicFile, silentLog);
  await eventually(() => expect(watch.decide(room, GERMANY)).toBe('allowed'));
  await publish(2, NOT_GERMANY);
  const took = await eventually(() => expect(watch.decide(room, GERMANY)).toBe('refused'));
  expect(took).toBeLessThan(5_000);
  await Promise.all([nc.close(), deaf.close()]);
}, 60_000);

test('a bucket that is purged, or deleted and made anew, opens and closes nothing, and is followed again', async () => {
  await using bus = await watching();
  await using watch = await bus.watch();
  const [fenced, open] = [newRoom(), newRoom()];
  await bus.publish(fenced, 3, NOT_GERMANY);
  await bus.publish(open, 3, OPEN);
  await eventually(() => expect(watch.decide(open, GERMANY)).toBe('allowed'));

  const jsm = await jetstreamManager(bus.nc);
  await jsm.streams.purge(FENCE_STREAM);
  {
    await using newcomer = await bus.watch();
    await eventually(() => expect(newcomer.ready()).toBe(true));
    expect(newcomer.decide(open, FRANCE)).toBe('refused');
  }
  const bucket = await bus.bucket();
  await bucket.purge(fenced);
  await bucket.delete(open);
  await bus.publish(newRoom(), 1, OPEN);
  await bucket.destroy();
  const states = () => [watch.decide(fenced, GERMANY), watch.decide(open, GERMANY)];
  expect(states()).toEqual(['refused', 'allowed']);

  await provisionNats(bus.nc);
  // Whoever fills the new bucket with what was true once changes nothing.
  await bus.publish(fenced, 2, OPEN);
  await bus.publish(open, 4, NOT_GERMANY);
  await eventually(() => expect(watch.decide(open, GERMANY)).toBe('refused'));
  expect(watch.decide(fenced, GERMANY)).toBe('refused');

  await using late = await bus.watch();
  await eventually(() => expect(late.ready()).toBe(true));
  expect(late.decide(open, FRANCE)).toBe('allowed');
}, 60_000);

test('a watcher that starts before there is a bucket waits for it, closed', async () => {
  await using bus = await watching();
  await (await bus.bucket()).destroy();
  await using watch = await bus.watch();
  const room = newRoom();
  expect(watch.ready()).toBe(false);
  await provisionNats(bus.nc);
  await bus.publish(room, 1, OPEN);
  await eventually(() => expect(watch.decide(room, FRANCE)).toBe('allowed'));
}, 60_000);
