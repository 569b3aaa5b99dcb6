import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Chromium, launchChromium } from '@nightjar/testkit/chromium';
import type { RunningEdge } from '../src/service.ts';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';

const PAGE = `<!doctype html><meta charset="utf-8"><title>page</title>
<style>body { color: rgb(1, 2, 3) }</style><script>globalThis.inline = true</script>
<script type="module" src="/assets/app-1.js"></script>`;

/** What a page, or a Worker, tries; each says how it went. */
const TRIES = `
const tries = {
  fetch: (url) => fetch(url).then(() => 'done', () => 'refused'),
  socket: (url) => new Promise((resolve) => {
    const socket = new WebSocket(url, 'nightjar.v1');
    socket.onopen = () => resolve('done');
    socket.onerror = () => resolve('refused');
  }),
};`;
const FILES: Readonly<Record<string, string>> = {
  'index.html': PAGE,
  'room.html': PAGE,
  'studio.html': PAGE,
  'assets/app-1.js': `${TRIES}
tries.camera = () => navigator.mediaDevices.getUserMedia({ video: true, audio: true }).then(() => 'done', () => 'refused');
tries.wakeLock = () => navigator.wakeLock.request('screen').then(() => 'done', ({ name }) => name);
tries.inWorker = (what, url) => new Promise((resolve) => {
  const worker = new Worker('/assets/worker-1.js', { type: 'module' });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = () => resolve('no worker');
  worker.postMessage([what, url]);
});
globalThis.tries = tries;`,
  'assets/worker-1.js': `${TRIES}
onmessage = async ({ data: [what, url] }) => postMessage(await tries[what](url));`,
};

const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let edge: RunningEdge;
let browser: Chromium;

beforeAll(async () => {
  const compressed = Object.entries(FILES).map(([name, text]) => [`${name}.br`, brotliCompressSync(text)]);
  ground = stack.use(await edgeUnderTest({ pages: { ...FILES, ...Object.fromEntries(compressed) } }));
  edge = await ground.start();
  browser = stack.use(await launchChromium());
}, 60_000);
afterAll(() => stack.disposeAsync());

async function inPage<T = string>(target: string, code: string): Promise<T> {
  const page = await browser.context.newPage();
  try {
    await page.goto(`${edge.urls.http}${target}`);
    await page.waitForFunction('globalThis.tries');
    return (await page.evaluate(code)) as T;
  } finally {
    await page.close();
  }
}

/** A device engine on the broadcaster's machine: any socket that is not the origin's. */
const engine = () => ground.upstreams.payments.url.replace('http', 'ws');
const own = () => `${edge.urls.http.replace('http', 'ws')}/v1/socket`;
const PAGES = ['/', '/r/some-room', '/studio'];

test.each(PAGES)('%s: scripts and styles come from files of ours, and from nowhere else', async (target) => {
  const seen = await inPage(
    target,
    '[globalThis.inline, getComputedStyle(document.body).color, crossOriginIsolated]',
  );
  expect(seen).toEqual([undefined, 'rgb(0, 0, 0)', false]);
});

test.each(PAGES)('%s reaches its own origin by request and by socket, and no other', async (target) => {
  const elsewhere = ground.upstreams.auth.url;
  const seen = await inPage(
    target,
    `Promise.all([tries.fetch('/v1/rooms'), tries.socket('${own()}'), tries.fetch('${elsewhere}')])`,
  );
  expect(seen).toEqual(['done', 'done', 'refused']);
  // Not merely unreadable: never asked.
  expect(ground.upstreams.auth.seen).toEqual([]);
});

test('the studio, and a Worker, get to a device engine on the same machine; other pages do not', async () => {
  const socket = (target: string) => inPage(target, `tries.socket('${engine()}')`);
  expect([await socket('/'), await socket('/r/some-room'), await socket('/studio')]).toEqual([
    'refused',
    'refused',
    'done',
  ]);
  expect(await inPage('/studio', `tries.inWorker('socket', '${engine()}')`)).toBe('done');
  expect(await inPage('/studio', `tries.inWorker('socket', '${own()}')`)).toBe('done');
  expect(await inPage('/studio', `tries.inWorker('fetch', '${ground.upstreams.auth.url}')`)).toBe('refused');
  expect(ground.upstreams.auth.seen).toEqual([]);
});

test('camera and wake lock are there in the studio alone', async () => {
  const camera = (target: string) => inPage(target, 'tries.camera()');
  expect([await camera('/'), await camera('/r/some-room'), await camera('/studio')]).toEqual([
    'refused',
    'refused',
    'done',
  ]);
  expect(await inPage('/r/some-room', 'tries.wakeLock()')).toBe('NotAllowedError');
});

test('no page can be shown inside of another', async () => {
  const page = await browser.context.newPage();
  await page.goto(ground.upstreams.rooms.url);
  await page.setContent(`<iframe src="${edge.urls.http}/studio"></iframe>`);
  const frame = await page.waitForSelector('iframe').then((element) => element.contentFrame());
  await frame?.waitForLoadState();
  expect(frame?.url()).not.toContain('/studio');
  await page.close();
});
