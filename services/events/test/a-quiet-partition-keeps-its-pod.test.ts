import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ConsumerInfo, jetstreamManager } from '@nats-io/jetstream';
import { partitionOf, ROOM_EVENTS_STREAM, roomLogConsumer } from '@nightjar/contracts/subjects';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { eventually } from '@nightjar/testkit/eventually';
import { ROOM_EVENTS_PIN_MS } from '../src/limits.ts';
import { enter, eventsPlatform, newTip, type Platform, type Pod } from './events-under-test.ts';

/** Long enough for a pin that nobody renewed to have lapsed. */
const QUIET_MS = ROOM_EVENTS_PIN_MS + 1_500;

/** What the server answers and the client's types leave out. */
interface Pins {
  readonly priority_groups?: readonly { readonly pinned_client_id?: string }[];
}

let platform: Platform;
let pod: Pod;

beforeAll(async () => {
  platform = await eventsPlatform();
  pod = await platform.startPod();
});

afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

// An event that meets a lapsed pin can wait for the event after it, which in a quiet room may take for ever.
test('the pin of a partition in which nothing happens does not lapse', async () => {
  const room = await platform.neighbours.newRoom();
  const viewer = await enter(platform, pod, room, 'viewer');
  const nc = await connectNats(platform.nats.url, 'test', silentLog);
  const { consumers } = await jetstreamManager(nc);
  const pin = async () => {
    const name = roomLogConsumer(partitionOf(room.roomId));
    const info: ConsumerInfo & Pins = await consumers.info(ROOM_EVENTS_STREAM.name, name);
    return info.priority_groups?.[0]?.pinned_client_id;
  };
  viewer.socket.say(newTip());
  await viewer.socket.next('entry', (entry) => entry.kind === 'tip');
  const pinned = await pin();
  expect(pinned).toBeTruthy();

  const quietFrom = performance.now();
  const pins = new Set<string | undefined>();
  await eventually(async () => {
    pins.add(await pin());
    if (performance.now() - quietFrom < QUIET_MS) throw new Error('not quiet for long enough yet');
  });
  expect(pins).toEqual(new Set([pinned]));

  viewer.socket.say(newTip());
  await viewer.socket.next('entry', (entry) => entry.kind === 'tip');
  expect(await pin()).toBe(pinned);
  await nc.close();
}, 20_000);
