/** The pages as they are built, in a real browser, at the real edge, with a demo room that is live. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Chromium, launchChromium } from '@nightjar/testkit/chromium';
import type { Page } from 'playwright-core';
import { until } from '../lib/until.ts';
import { type EdgePlatform, edgePlatform } from './edge-platform.ts';

const stack = new AsyncDisposableStack();
let ground: EdgePlatform;
let browser: Chromium;

beforeAll(async () => {
  ground = stack.use(await edgePlatform({ pages: true, demo: true }));
  // Whatever has another name has no address.
  const args = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  browser = stack.use(await launchChromium({ args }));
}, 180_000);
afterAll(() => stack.disposeAsync());

interface Watched {
  readonly hosts: Set<string>;
  /** What the content policy kept the page from. */
  readonly kept: string[];
  readonly failed: string[];
}

async function open(page: Page, path: string): Promise<Watched> {
  const watched: Watched = { hosts: new Set(), kept: [], failed: [] };
  const ask = (url: string) => {
    if (/^(https?|wss?):/.test(url)) watched.hosts.add(new URL(url).host);
  };
  page.on('request', (request) => ask(request.url()));
  page.on('websocket', (socket) => ask(socket.url()));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) watched.kept.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 500) watched.failed.push(response.url().split('?')[0] ?? '');
  });
  await page.goto(`${ground.platform.endpoints.edge}${path}`);
  await page.waitForLoadState('networkidle');
  return watched;
}

test.each(['/', '/wallet', '/me', '/studio', '/nothing-is-here', '/r/nowhere-zzz999'])(
  '%s asks nobody but the origin that it came from, and wants nothing that it may not',
  async (path) => {
    await using page = await newPage();
    const { hosts, kept, failed } = await open(page, path);
    expect({ hosts: [...hosts], kept, failed }).toEqual({ hosts: [originHost()], kept: [], failed: [] });
  },
  30_000,
);

test('a live room does so too, with its picture running and its socket open', async () => {
  await using page = await newPage();
  const { hosts, kept, failed } = await open(page, `/r/${ground.platform.demo?.slug}`);
  const time = () => page.evaluate(`document.querySelector('video')?.currentTime ?? 0`) as Promise<number>;
  await until('the picture runs', async () => (await time()) > 0.5);
  expect({ hosts: [...hosts], kept, failed }).toEqual({ hosts: [originHost()], kept: [], failed: [] });
}, 30_000);

function originHost(): string {
  return new URL(ground.platform.endpoints.edge ?? '').host;
}

async function newPage(): Promise<Page> {
  return await browser.context.newPage();
}
