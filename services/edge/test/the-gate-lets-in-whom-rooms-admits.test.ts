import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { RunningEdge } from '../src/service.ts';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';

const GOOD = 'aaa.bbb.ccc';
const MEDIA = ['/rtc', '/rtc/validate', '/rtc/v1', '/rtc/v1/validate'];
const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let edge: RunningEdge;

beforeAll(async () => {
  ground = stack.use(await edgeUnderTest({ pages: {} }));
  edge = await ground.start();
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  ground.upstreams.rooms.answer = ({ body }) => ({
    status: (JSON.parse(body) as { accessToken: string }).accessToken === GOOD ? 204 : 404,
  });
});

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${edge.urls.http}${path}`, { headers });
const media = () => ground.upstreams.livekit.seen;

test.each(MEDIA)('%s is passed on once rooms has said yes to that very token', async (path) => {
  const answer = await ask(`${path}?access_token=${GOOD}&auto_subscribe=1&sdk=js`);
  expect(answer.status).toBe(200);
  const { rooms } = ground.upstreams;
  expect(rooms.seen.at(-1)).toMatchObject({
    method: 'POST',
    path: '/edge/v1/media-admissions',
    body: JSON.stringify({ accessToken: GOOD }),
  });
  expect((await ground.factsIn(rooms.seen.at(-1)))?.address).toBe('127.0.0.1');
  // The token in the header alone: in LiveKit's logs, which have queries, it does not stand.
  expect(media().at(-1)).toMatchObject({
    path: `${path}?auto_subscribe=1&sdk=js`,
    headers: { authorization: `Bearer ${GOOD}` },
  });
  expect(media().at(-1)?.headers).not.toHaveProperty('nightjar-facts');
});

test('a token in the header counts before one in the query, as at LiveKit', async () => {
  const before = media().length;
  const answer = await ask(`/rtc/validate?access_token=${GOOD}`, { authorization: 'Bearer other.one.x' });
  expect(answer.status).toBe(401);
  expect(media()).toHaveLength(before);
  expect((await ask('/rtc/validate', { authorization: `Bearer ${GOOD}` })).status).toBe(200);
});

test('whoever is kept out hears one thing, whatever the reason', async () => {
  const before = media().length;
  const answers = [];
  for (const query of [
    '',
    '?access_token=',
    '?access_token=no.such.one',
    '?access_token=%00',
    '?access_token=a b',
  ]) {
    for (const path of MEDIA) {
      const answer = await ask(path + query);
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date'));
      answers.push({ status: answer.status, headers, body: await answer.text() });
    }
  }
  expect(answers[0]?.status).toBe(401);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(media()).toHaveLength(before);
});

test('while rooms cannot say, nobody is let in, and clients may try again', async () => {
  ground.upstreams.rooms.answer = () => ({ status: 503 });
  const before = media().length;
  expect((await ask(`/rtc?access_token=${GOOD}`)).status).toBe(503);
  expect(media()).toHaveLength(before);
});

test('signalling goes through as a socket', async () => {
  const base = edge.urls.http.replace('http', 'ws');
  const socket = new WebSocket(`${base}/rtc/v1?access_token=${GOOD}&join_request=xyz`);
  await once(socket, 'open');
  const hello = once(socket, 'message');
  socket.send(Buffer.from([1, 2, 3]));
  const [data, isBinary] = (await hello) as [Buffer, boolean];
  expect([[...data], isBinary]).toEqual([[1, 2, 3], true]);
  expect(media().at(-1)).toMatchObject({ method: 'SOCKET', path: '/rtc/v1?join_request=xyz' });
  socket.terminate();
  const refused = new WebSocket(`${base}/rtc/v1?access_token=no.such.one`);
  expect(String((await once(refused, 'error'))[0])).toContain('401');
});

test.each([
  '/twirp/livekit.RoomService/ListRooms',
  '/whip/v1',
  '/agent',
  '/rtc/v2',
  '/rtc/',
  '/rtc/validate/',
  '/rtc%2fvalidate',
  '/RTC',
  '//rtc',
  '/settings/regions',
  '/debug/pprof/',
])('nothing else of the port is there: %s', async (path) => {
  const before = media().length;
  for (const method of ['GET', 'POST']) {
    const answer = await fetch(`${edge.urls.http}${path}?access_token=${GOOD}`, {
      method,
      headers: { authorization: `Bearer ${GOOD}` },
    });
    expect([404, 405]).toContain(answer.status);
  }
  expect(media()).toHaveLength(before);
});

test('signalling is asked for and not told', async () => {
  const before = media().length;
  const answer = await fetch(`${edge.urls.http}/rtc?access_token=${GOOD}`, { method: 'POST', body: 'x' });
  expect(answer.status).toBe(405);
  expect(media()).toHaveLength(before);
});
