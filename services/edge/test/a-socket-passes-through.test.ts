import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { RunningEdge } from '../src/service.ts';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';

const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let edge: RunningEdge;

beforeAll(async () => {
  ground = stack.use(await edgeUnderTest());
  edge = await ground.start();
});
afterAll(() => stack.disposeAsync());

const open = (path: string) =>
  new WebSocket(`${edge.urls.http.replace('http', 'ws')}${path}`, 'nightjar.v1', {
    headers: { 'nightjar-facts': 'mine', cookie: 'a=b' },
  });

test('text and bytes go through unchanged, in order, under the subprotocol, with signed facts', async () => {
  const socket = open('/v1/socket');
  await once(socket, 'open');
  expect(socket.protocol).toBe('nightjar.v1');
  const got: [string, boolean][] = [];
  socket.on('message', (data, isBinary) => got.push([String(data), isBinary]));
  for (let i = 0; i < 100; i++) socket.send(`{"n":${i}}`);
  const large = 'x'.repeat(100_000);
  socket.send(Buffer.from(large));
  while (got.length < 101) await once(socket, 'message');
  expect(got.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => [`{"n":${i}}`, false]));
  expect(got[100]).toEqual([large, true]);
  const seen = ground.upstreams.events.seen.findLast(({ method }) => method === 'SOCKET');
  expect(seen?.path).toBe('/v1/socket');
  expect(seen?.headers).not.toHaveProperty('cookie');
  expect((await ground.factsIn(seen))?.address).toBe('127.0.0.1');
  socket.terminate();
});

test("the server's close, its code and its reason reach the client", async () => {
  const socket = open('/v1/socket');
  await once(socket, 'open');
  for (const client of ground.upstreams.events.sockets) (client as WebSocket).close(4009, 'removed');
  const [code, reason] = await once(socket, 'close');
  expect([code, String(reason)]).toEqual([4009, 'removed']);
});

test.each(['/', '/v1/rooms', '/edge/v1/going', '/v1/socket/x'])(
  '%s is no socket, and stands behind none',
  async (path) => {
    const socket = open(path);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('Unexpected server response');
  },
);
