import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunningEdge } from '../src/service.ts';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';

const UNAVAILABLE = {
  type: 'urn:nightjar:problem:unavailable',
  status: 503,
  code: 'unavailable',
  retry: true,
};
const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let edge: RunningEdge;

beforeAll(async () => {
  ground = stack.use(await edgeUnderTest());
  edge = await ground.start();
});
afterAll(() => stack.disposeAsync());

const ask = (path: string) => fetch(`${edge.urls.http}${path}`);

test('a service that takes a request and never answers is away, and holds up none of the others', async () => {
  const { rooms } = ground.upstreams;
  rooms.answer = () => new Promise(() => {});
  const frozen = ask('/v1/rooms');
  const gate = ask('/rtc/validate?access_token=a.b.c');
  expect((await ask('/v1/wallets')).status).toBe(200);
  expect((await ask('/site.json')).status).toBe(200);
  for (const answer of [await gate, await frozen]) {
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject(UNAVAILABLE);
  }
});

test('without an answer of rooms and geofence the edge refuses nobody by itself, and does not ask again for each request', async () => {
  const { rooms, geofence, events } = ground.upstreams;
  rooms.answer = geofence.answer = () => new Promise(() => {});
  events.answer = ({ path }) => ({ body: path });
  const room = `room_${crypto.randomUUID()}`;
  const first = performance.now();
  expect(await (await ask(`/v1/rooms/${room}/tickets`)).text()).toBe(`/v1/rooms/${room}/tickets`);
  expect(performance.now() - first).toBeLessThan(2_000);
  const asked = geofence.seen.length;
  for (let i = 0; i < 5; i++) await ask(`/v1/rooms/${room}/tickets`);
  expect(geofence.seen.length).toBe(asked);
});

test('one that answers nonsense is passed on as it is', async () => {
  ground.upstreams.auth.answer = () => ({ status: 418, headers: { 'content-type': 'text/x' }, body: 'no' });
  const answer = await ask('/v1/auth/challenges');
  expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
    418,
    'no',
    'text/x',
  ]);
});
