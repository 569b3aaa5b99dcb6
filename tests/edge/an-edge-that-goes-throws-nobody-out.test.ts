import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointsAt } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { RoomConnection } from '@nightjar/client/room-connection';
import { type Balancer, startBalancer } from '@nightjar/testkit/balancer';
import type { Platform } from '../../scripts/lib/platform.ts';
import { newBroadcaster, newViewer } from '../lib/people.ts';
import { until } from '../lib/until.ts';
import { edgePlatform } from './edge-platform.ts';

const stack = new AsyncDisposableStack();
let platform: Platform;
let balancer: Balancer;

beforeAll(async () => {
  ({ platform } = stack.use(await edgePlatform({ edges: 2 })));
  // Everybody comes by the first one, which will go.
  balancer = stack.use(await startBalancer([platform.service('edge').url]));
}, 180_000);
afterAll(() => stack.disposeAsync());

test('its sockets come in by another one, without a gap and without a pause, and it waits for them', async () => {
  const endpoints = endpointsAt(balancer.url);
  const people = { endpoints, operator: platform.operator };
  const { roomId } = await (await newBroadcaster(people)).newRoom();
  const http = createHttpClient();
  const guests = Array.from(
    { length: 10 },
    () => new RoomConnection({ endpoints, http, roomId, as: 'guest' }),
  );
  for (const guest of guests) stack.defer(() => guest.close());
  const phases: string[] = [];
  const heard = guests.map((guest) => {
    const offsets: number[] = [];
    guest.on('phase', ({ phase }) => phases.push(phase));
    guest.on('entry', ({ offset, past }) => {
      if (!past) offsets.push(offset);
    });
    return offsets;
  });
  await Promise.all(guests.map((guest) => guest.live()));
  using viewer = await newViewer(people, roomId, 100n);
  const tip = async () => await viewer.tip({ itemId: 'hello' }).receipt;
  await tip();

  balancer.targets = [platform.service('edge-2').url];
  let gone = false;
  const going = platform
    .service('edge')
    .stop()
    .then(() => {
      gone = true;
    });
  let tips = 1;
  while (!gone) {
    await tip();
    tips++;
  }
  await going;
  await tip();
  tips++;
  await until('all have heard all', () => heard.every((offsets) => offsets.length >= tips));
  for (const offsets of heard) expect(offsets).toEqual(offsets.map((_, i) => (offsets[0] ?? 0) + i));
  expect(new Set(phases)).toEqual(new Set(['live']));
}, 60_000);
