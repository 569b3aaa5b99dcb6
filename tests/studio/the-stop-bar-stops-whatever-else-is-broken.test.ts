import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Viewer } from '../lib/people.ts';
import type { StudioPage } from '../lib/studio-page.ts';
import { type Evening, startEvening, stopBar, untilStopBar, viewerOf } from './evening.ts';

const STOPPED = /^Stop sent \d\d:\d\d:\d\d/;

let evening: Evening;
let studio: StudioPage;
let page: Page;
let viewer: Viewer;
beforeAll(async () => {
  evening = await startEvening();
  studio = await evening.newStudio();
  page = studio.page;
  await studio.setUp({ origin: evening.origin, title: 'Stopping', device: 'simulated' }, evening.platform);
  await studio.goLive();
  viewer = await viewerOf(evening, page);
}, 180_000);
afterAll(async () => {
  viewer?.[Symbol.dispose]();
  await evening?.[Symbol.asyncDispose]();
}, 60_000);

beforeEach(async () => {
  await studio.arm();
  const tip = viewer.tip({ itemId: 'item-4' });
  await tip.receipt;
  await untilStopBar(page, /^A device moves now/);
}, 60_000);

test('Esc in a field stops, and nothing moves until a person arms', async () => {
  await page.getByLabel('Say something to the room').focus();
  await page.keyboard.press('Escape');
  await untilStopBar(page, STOPPED);
  await page.getByText('You stopped it. Arm it again when you are ready.').waitFor();
});

test('the bar stops while a question is open, on the way down', async () => {
  await studio.press('End the show');
  await page.getByRole('alertdialog').waitFor();
  const box = await page.locator('#stop button').boundingBox();
  if (!box) throw new Error('there is no stop bar');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await untilStopBar(page, STOPPED);
  await page.mouse.up();
  await studio.press('Stay live');
});

test('a game pad’s face button stops', async () => {
  await page.evaluate(() => {
    const button = { pressed: true, touched: true, value: 1 };
    navigator.getGamepads = () => [{ index: 0, buttons: [button] } as unknown as Gamepad];
    window.dispatchEvent(new Event('gamepadconnected'));
  });
  await untilStopBar(page, STOPPED);
  await page.evaluate(() => {
    navigator.getGamepads = () => [];
  });
});

test('a reload leaves nothing armed, and the show is taken up again', async () => {
  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByRole('heading', { name: 'You are still live' }).waitFor();
  await studio.press('Take it up again');
  await page.getByRole('heading', { name: 'You are live' }).waitFor();
  await untilStopBar(page, /^Not armed/);
});

test('with everything else of the page gone, the bar still stops and says so', async () => {
  await page.evaluate(() => document.getElementById('studio')?.replaceChildren());
  await page.keyboard.press('Enter');
  expect(await stopBar(page)).toMatch(/moves now/);
  await page.locator('#stop button').press('Enter');
  await untilStopBar(page, STOPPED);
});
