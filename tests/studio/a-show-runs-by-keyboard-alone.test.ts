import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Evening, startEvening, untilStopBar, viewerOf } from './evening.ts';

let evening: Evening;
beforeAll(async () => {
  evening = await startEvening();
}, 180_000);
afterAll(async () => {
  await evening?.[Symbol.asyncDispose]();
}, 60_000);

/** The longest way from one thing to another. */
const TABS_MAX = 120;

/** What has the focus: its name, and whether a person sees it. */
function focused(page: Page): Promise<{ name: string; seen: boolean; why: string }> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLInputElement;
    // Past the end of the page it begins anew.
    if (at === document.body) return { name: '', seen: true, why: '' };
    const label = at.labels?.[0];
    const name = at.getAttribute('aria-label') ?? label?.textContent ?? at.textContent ?? '';
    const box = (label?.contains(at) ? label : at).getBoundingClientRect();
    const bar = document.getElementById('stop')?.getBoundingClientRect().top ?? innerHeight;
    const inside = at.closest('#stop') !== null;
    const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 20)];
    const over = document.elementFromPoint(x, y);
    const covered = !(at.contains(over) || over?.contains(at) || label?.contains(over));
    const outside = !inside && (box.top < 0 || box.top + Math.min(box.height, 24) > bar);
    const ring = at.matches(':focus-visible');
    return {
      name: name.trim(),
      seen: ring && !covered && !outside,
      why: `${name.trim().slice(0, 40)}: ring ${ring}, covered ${covered}, outside ${outside}`,
    };
  });
}

/** Goes on to something by Tab. All that has the focus on the way has to be seen. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const hidden: string[] = [];
  for (let i = 0; i < TABS_MAX; i += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (!at.seen && at.name !== '') hidden.push(at.why);
    if (name.test(at.name)) {
      expect(hidden).toEqual([]);
      return;
    }
  }
  throw new Error(`no way to ${name} by Tab`);
}

async function press(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

test('from the first visit to the end of the show nobody needs a pointer', async () => {
  const { page } = await evening.newStudio();
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
  await page.goto(`${evening.origin}/studio`);
  const command = await page.locator('code').textContent();
  await evening.platform.operator('broadcaster', 'add', '--public-key', command?.split(' ').at(-1) ?? '');
  await press(page, /^Look again/);
  await heading('Your room');
  await tabTo(page, /^What is it called/);
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await heading('Camera and sound');
  await page.getByText('Say something: the bar moves.').waitFor();
  await press(page, /^Continue$/);
  await heading('Connection');
  await page.getByText('How much your line carries').waitFor();
  await press(page, /^Continue$/);
  await heading('Device');
  await tabTo(page, /^None/);
  await page.keyboard.press('ArrowDown');
  await press(page, /^Look for it/);
  await page.getByText('a stop was written to it').waitFor();
  await press(page, /^Try it/);
  await untilStopBar(page, /moves now/);
  await page.getByText('a stop was written to it').waitFor();
  await press(page, /^Continue$/);
  await heading('Limits');
  await tabTo(page, /^Highest level/);
  await page.keyboard.press('ArrowLeft');
  await press(page, /^Sign and continue/);
  await heading('Who may see you');
  await tabTo(page, /^Everybody/);
  await page.keyboard.press('ArrowDown');
  await tabTo(page, /^Find a country/);
  await page.keyboard.type('Germany');
  await tabTo(page, /^Germany/);
  await page.keyboard.press('Space');
  await page.getByText('Only people in Germany may know that your room exists.').waitFor();
  await tabTo(page, /^People whose place nobody can tell/);
  await page.keyboard.press('Space');
  await press(page, /^Save and continue/);
  await heading('Before you go live');
  await press(page, /^Go live/);
  await heading('You are live');
  await press(page, /^Arm$/);
  await page.getByRole('button', { name: 'Disarm' }).waitFor();
  using viewer = await viewerOf(evening, page);
  const tip = viewer.tip({ itemId: 'item-2' });
  await tip.receipt;
  await untilStopBar(page, /moves now/);
  await page.keyboard.press('Escape');
  await untilStopBar(page, /^Stop sent/);
  expect((await tip.end).stage).toBe('partly');
  await press(page, /^End the show/);
  await page.getByRole('alertdialog').waitFor();
  await press(page, /^End the show/);
  await heading('That was your show');
}, 180_000);
