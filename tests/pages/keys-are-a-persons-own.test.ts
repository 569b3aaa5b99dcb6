/** What the pages Wallet and Me promise: looking leaves nothing, a printed code brings everything back, gone is gone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Chromium, launchChromium } from '@nightjar/testkit/chromium';
import type { Page } from 'playwright-core';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';

const STEP_MS_MAX = 20_000;

let platform: TestPlatform;
let origin: string;
beforeAll(async () => {
  platform = await platformUnderTest({ edge: true, pages: true });
  origin = platform.endpoints.edge ?? '';
}, 180_000);
afterAll(async () => {
  await platform?.[Symbol.asyncDispose]();
}, 60_000);

/** A browser of somebody's own, and what it asked for. */
async function somebody(): Promise<{ chromium: Chromium; page: Page; asked: URL[] } & AsyncDisposable> {
  const chromium = await launchChromium();
  const page = await chromium.context.newPage();
  page.setDefaultTimeout(STEP_MS_MAX);
  const asked: URL[] = [];
  page.on('request', (request) => void asked.push(new URL(request.url())));
  return { chromium, page, asked, [Symbol.asyncDispose]: () => chromium[Symbol.asyncDispose]() };
}

async function buy500(page: Page): Promise<void> {
  await page.goto(`${origin}/wallet`);
  await page.getByText('You have no wallet in this browser yet').waitFor();
  await page.getByRole('button', { name: 'Get 500 tokens' }).click();
  await page.getByText('500 tokens are in your wallet').waitFor();
}

const kept = (page: Page) =>
  page.evaluate(async () => [
    ...(await indexedDB.databases()).map(({ name }) => name ?? ''),
    ...Object.keys(localStorage),
  ]);

test('looking at every page makes no account and no wallet, and asks no other host', async () => {
  await using visitor = await somebody();
  const { page, asked } = visitor;
  for (const path of ['/', '/wallet', '/me']) {
    await page.goto(`${origin}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
  const paths = asked.map(({ pathname }) => pathname);
  expect(paths.filter((path) => path.startsWith('/v1/auth/') || path.startsWith('/v1/wallets'))).toEqual([]);
  expect([...new Set(asked.map((url) => url.origin))]).toEqual([new URL(origin).origin]);
}, 60_000);

test('a link to another page brings the focus to its title, and Back comes back', async () => {
  await using visitor = await somebody();
  const { page } = visitor;
  await page.goto(`${origin}/`);
  await page.getByRole('link', { name: 'Wallet' }).press('Enter');
  await page.getByRole('heading', { name: 'Wallet', level: 1 }).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === 'Wallet');
  expect(await page.title()).toBe('Wallet · Nightjar');
  await page.goBack();
  await page.getByRole('heading', { name: 'Live now', level: 1 }).waitFor();
}, 60_000);

test('a printed code brings account and tokens to another browser; one with a typing error changes nothing', async () => {
  await using first = await somebody();
  await buy500(first.page);
  await first.page.getByRole('link', { name: 'Print a backup' }).click();
  await first.page.getByRole('button', { name: 'Show the code' }).click();
  const groups = await first.page
    .getByRole('list', { name: 'Your code' })
    .getByRole('listitem')
    .allTextContents();
  expect(groups).toHaveLength(14);
  await first.page.getByLabel('I have it on paper').fill(groups.at(-1) ?? '');
  await first.page.getByRole('button', { name: 'Forget it here' }).click();
  await first.page.getByText('You have the code on paper').waitFor();
  const publicKey = await first.page.locator('#knows code').textContent();

  await using second = await somebody();
  await second.page.goto(`${origin}/me`);
  await second.page.getByText('I have a code').click();
  const code = second.page.getByLabel('The code on your paper');
  const wrong = groups.join('').replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  await code.fill(wrong);
  await code.press('Enter');
  await second.page.getByText('The code has a typing error').waitFor();
  expect(await second.page.locator('#knows code').count()).toBe(0);
  await code.fill(groups.join(' ').toLowerCase());
  await code.press('Enter');
  await second.page.getByText('You are back').waitFor();
  await expect(second.page.locator('#knows code').textContent()).resolves.toBe(publicKey);
  await second.page.goto(`${origin}/wallet`);
  await second.page.getByRole('region', { name: 'To spend' }).getByText('500').waitFor();
}, 120_000);

test('whoever disappears leaves nothing in the browser, also while another tab is open, and begins as somebody new', async () => {
  await using person = await somebody();
  const { page, chromium } = person;
  await buy500(page);
  const other = await chromium.context.newPage();
  await other.goto(`${origin}/wallet`);
  await other.getByRole('region', { name: 'To spend' }).getByText('500').waitFor();
  await page.bringToFront();
  await page.getByRole('link', { name: 'Me' }).click();
  await page.getByRole('button', { name: 'Disappear' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disappear' }).click();
  await page.getByRole('heading', { name: 'You are gone', level: 1 }).waitFor();
  expect(await kept(page)).toEqual([]);
  await page.getByRole('link', { name: 'Wallet' }).click();
  await page.getByText('You have no wallet in this browser yet').waitFor();
}, 120_000);
