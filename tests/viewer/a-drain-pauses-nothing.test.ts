import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHttpClient } from '@nightjar/client/http';
import { RoomConnection } from '@nightjar/client/room-connection';
import { type Balancer, startBalancer } from '@nightjar/testkit/balancer';
import { until } from '../lib/until.ts';
import { type Evening, startEvening } from './evening.ts';

let evening: Evening;
let balancer: Balancer;
beforeAll(async () => {
  evening = await startEvening({ instances: { events: 2 } }, async (endpoints, platform) => {
    const urls = ['events', 'events-2'].map((name) => platform.service(name).url);
    // Everybody comes to the first one, which will go.
    balancer = await startBalancer(urls.slice(0, 1));
    return { ...endpoints, events: balancer.url };
  });
}, 120_000);
afterAll(async () => {
  await evening?.[Symbol.asyncDispose]();
  await balancer?.[Symbol.asyncDispose]();
});

test('a server goes in the middle of an effect: no pause, no gap, nothing twice, nobody is thrown out', async () => {
  const { endpoints, demo, platform } = evening;
  using watching = new RoomConnection({
    endpoints,
    http: createHttpClient(),
    roomId: demo.room.roomId,
    as: 'guest',
  });
  const phases: string[] = [];
  const heard: string[] = [];
  const offsets: number[] = [];
  watching.on('phase', ({ phase }) => phases.push(phase));
  watching.on('entry', ({ entry, offset, past }) => {
    if (past) return;
    offsets.push(offset);
    heard.push(entry.kind === 'progress' ? entry.state : entry.kind);
  });
  await watching.live();

  const tip = evening.viewer('tip', 'wave');
  await until('it runs', () => heard.includes('running'));
  balancer.targets = [platform.service('events-2').url];
  const gone = platform.service('events').stop();
  const { code, lines } = await tip;
  await gone;
  expect(code).toBe(0);
  expect(lines.map(({ stage }) => stage)).toContain('ran');
  expect(lines.map(({ stage }) => stage)).not.toContain('paused');
  await until('its end in the log', () => heard.includes('settled'));
  expect(heard.filter((what) => what !== 'queued')).toEqual(['tip', 'running', 'settled']);
  expect(offsets).toEqual(offsets.map((_, i) => (offsets[0] ?? 0) + i));
  expect(phases).toEqual(['live']);
  expect(evening.said.filter((event) => event.is === 'bridge').map(({ phase }) => phase)).toEqual(['live']);
});
