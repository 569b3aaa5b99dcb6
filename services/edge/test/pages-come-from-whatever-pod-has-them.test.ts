import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Balancer, startBalancer } from '@nightjar/testkit/balancer';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { WebSocket } from 'ws';
import type { RunningEdge } from '../src/service.ts';
import { ASSET_ASKED_AGAIN_MAX, PAGES_MS_MAX } from '../src/worker/limits.ts';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';
import { type Answer, startUpstream, type Upstream } from './upstream.ts';
import { DOCUMENTS, startWeb } from './web-process.ts';

const PAGES = ['/', '/r/some-room', '/studio', '/nothing', '/icon.svg', '/assets/both-1.js'];
const ICON = { 'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' };
const BOTH = { ...ICON, 'assets/both-1.js': 'both' };

const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let older: RunningServer;
let newer: RunningServer;
let balancer: Balancer;
let edge: RunningEdge;

beforeAll(async () => {
  ground = stack.use(await edgeUnderTest());
  [older, newer] = await Promise.all([
    startWeb(BOTH),
    startWeb({
      ...BOTH,
      'assets/newer-2.js': 'newer',
      'assets/newer-2.js.gz': gzipSync('newer'),
      'assets/newer-2.woff2': 'a font',
    }),
  ]);
  stack.use(older);
  stack.use(newer);
  balancer = stack.use(await startBalancer([older.url]));
  edge = await ground.start({ webUrl: balancer.url });
}, 60_000);
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  balancer.targets = [older.url];
});

const ask = (path: string, to: RunningEdge = edge, encodings = 'gzip') =>
  fetch(`${to.urls.http}${path}`, { headers: { 'accept-encoding': encodings } });

async function unavailable(answer: Response): Promise<void> {
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    503,
    'application/problem+json',
    'no-store',
  ]);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await answer.json()).toMatchObject({ code: 'unavailable', retry: true });
}

async function restGoesOn(to: RunningEdge): Promise<void> {
  expect((await ask('/site.json', to)).status).toBe(200);
  expect(await (await ask('/v1/rooms', to)).text()).toBe('/v1/rooms');
  expect((await fetch(`${to.urls.internal}/health/ready`)).status).toBe(200);
  const socket = new WebSocket(`${to.urls.http.replace('http', 'ws')}/v1/socket`, 'nightjar.v1');
  await once(socket, 'open');
  const echo = once(socket, 'message');
  socket.send('hello');
  expect(String((await echo)[0])).toBe('hello');
  socket.close();
}

test('without web pages say so, to be tried again, and everything else goes on', async () => {
  await using web = await startWeb(BOTH);
  const own = await ground.start({ webUrl: web.url });
  for (const path of PAGES) expect([path, (await ask(path, own)).status < 500]).toEqual([path, true]);
  await web.stop();
  for (const path of PAGES) await unavailable(await ask(path, own));
  await restGoesOn(own);
  await web.restart();
  expect(await (await ask('/', own)).text()).toBe(DOCUMENTS['index.html']);
});

test('an edge starts, and is ready, before web is there', async () => {
  await using web = await startWeb(BOTH);
  await web.stop();
  const own = await ground.start({ webUrl: web.url });
  await unavailable(await ask('/', own));
  await restGoesOn(own);
  await web.restart();
  expect((await ask('/', own)).status).toBe(200);
});

test('web that takes a request and never answers is away, and holds up none of the others', async () => {
  await using web = await startWeb(BOTH);
  const own = await ground.start({ webUrl: web.url });
  expect((await ask('/', own)).status).toBe(200);
  await web.pause();
  const began = performance.now();
  const frozen = ask('/', own);
  await restGoesOn(own);
  await unavailable(await frozen);
  expect(performance.now() - began).toBeLessThan(2 * PAGES_MS_MAX + 2_000);
  await web.resume();
});

test.each<[string, Answer]>([
  ['a fault', { status: 500, body: 'a stack trace' }],
  ['a page of somebody else', { status: 403, body: '<!doctype html>no' }],
  ['a way elsewhere', { status: 302, headers: { location: 'https://elsewhere.example/' } }],
  ['nothing but 404', { status: 404, body: 'nothing' }],
])('%s in the place of a page is never shown as one', async (_what, answer) => {
  await using web = await startUpstream(() => answer);
  const own = await ground.start({ webUrl: web.url });
  for (const path of ['/', '/r/some-room', '/studio', '/nothing']) await unavailable(await ask(path, own));
  const asset = await ask('/assets/app-1.js', own);
  expect([answer.status === 404 ? 404 : 503, 'no-store']).toEqual([
    asset.status,
    asset.headers.get('cache-control'),
  ]);
});

test.each([
  ['/assets/newer-2.js', 'newer'],
  ['/assets/newer-2.woff2', 'a font'],
])('%s is found at the pod that has it, whichever was asked first', async (path, content) => {
  for (let times = 0; times < 10; times++) {
    // The edge has a connection to the older pod by then, and two more lead there before one leads to the newer.
    await ask('/');
    balancer.targets = [older.url, older.url, newer.url];
    const answer = await ask(path);
    expect([answer.status, await answer.text()]).toEqual([200, content]);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  }
});

test('what no pod has is asked for a few times, and its absence is kept by nobody', async () => {
  await using web: Upstream = await startUpstream(() => ({ status: 404, headers: { connection: 'close' } }));
  const own = await ground.start({ webUrl: web.url });
  const answer = await ask('/assets/none-3.js', own, 'br, gzip');
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store']);
  const asked = web.seen.map(({ path }) => path);
  expect(asked.slice(0, 3)).toEqual(['.br', '.gz', ''].map((end) => `/assets/none-3.js${end}`));
  expect(asked).toHaveLength(3 + ASSET_ASKED_AGAIN_MAX);
  // Whatever keeps its name may change: it is asked for once.
  await ask('/robots.txt', own);
  expect(web.seen.filter(({ path }) => path === '/robots.txt')).toHaveLength(1);
});

test('a pod that goes, with another in its place, is noticed by nobody', async () => {
  await using going = await startWeb(BOTH);
  await using between = await startBalancer([going.url]);
  const own = await ground.start({ webUrl: between.url });
  let over = false;
  const seen: number[] = [];
  const people = Array.from({ length: 8 }, async (_, index) => {
    while (!over) {
      const answer = await ask(PAGES[index % PAGES.length] ?? '/', own);
      await answer.arrayBuffer();
      seen.push(answer.status);
    }
  });
  await ask('/', own);
  between.targets = [newer.url];
  await going.stop();
  const before = seen.length;
  while (seen.length < before + 100) await ask('/', own);
  over = true;
  await Promise.all(people);
  expect(seen.filter((status) => status >= 500)).toEqual([]);
});

test('what a browser has is not fetched from web again', async () => {
  const { headers } = await ask('/');
  await using web: Upstream = await startUpstream(({ headers: asked }) =>
    asked['if-none-match'] === headers.get('etag')
      ? { status: 304, headers: { etag: `${headers.get('etag')}` } }
      : { status: 200, body: 'anew', headers: { etag: '"other"' } },
  );
  const own = await ground.start({ webUrl: web.url });
  const known = { headers: { 'accept-encoding': 'identity', 'if-none-match': `${headers.get('etag')}` } };
  expect((await fetch(`${own.urls.http}/`, known)).status).toBe(304);
  // A page that says that there is nothing is said in full.
  const nothing = await fetch(`${own.urls.http}/nothing`, known);
  expect([nothing.status, await nothing.text()]).toEqual([404, 'anew']);
});
