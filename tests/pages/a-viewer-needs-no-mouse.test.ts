/** A viewer's first minute by keyboard alone, on a phone's width and on a desktop's, and what a screen reader is told. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { launchChromium } from '@nightjar/testkit/chromium';
import type { Locator, Page } from 'playwright-core';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { faultsOf } from '../lib/states.ts';

const STEP_MS_MAX = 20_000;
/** More stops than any page has; a walk that needs more has lost its way. */
const TABS_MAX = 60;

let platform: TestPlatform;
beforeAll(async () => {
  platform = await platformUnderTest({ edge: true, pages: true, demo: true });
}, 300_000);
afterAll(async () => {
  await platform?.[Symbol.asyncDispose]();
}, 60_000);

/** Goes on by Tab until the focus is there, and sees that it can be seen and that nothing covers it. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let n = 0; n < TABS_MAX; n++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      const { seen, covered } = await wanted.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const at = document.elementFromPoint(left + width / 2, top + height / 2);
        // A card shows the focus of the link in it, and a box that of its field.
        const ringed = (near: Element | null, levels: number): boolean => {
          if (!near || levels === 0) return false;
          for (const part of [undefined, '::after']) {
            const { outlineStyle, outlineWidth } = getComputedStyle(near, part);
            if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) return true;
          }
          return ringed(near.parentElement, levels - 1);
        };
        return {
          seen: ringed(element, 4),
          covered: !(at !== null && (element.contains(at) || at.contains(element))),
        };
      });
      expect({ seen, covered }).toEqual({ seen: true, covered: false });
      return;
    }
  }
  throw new Error(`not reached by ${TABS_MAX} tabs`);
}

test.each([
  { width: 1440, height: 900, colorScheme: 'dark' as const },
  { width: 390, height: 844, colorScheme: 'light' as const },
])(
  'from the directory to a tip that ran, at $width pixels, $colorScheme',
  async ({ width, height, colorScheme }) => {
    await using chromium = await launchChromium({ viewport: { width, height }, colorScheme });
    const page = await chromium.context.newPage();
    page.setDefaultTimeout(STEP_MS_MAX);
    await page.goto(`${platform.endpoints.edge}/`);
    const room = page.getByRole('link', { name: /^Demo room/ }).first();
    await room.waitFor();
    await tabTo(page, room);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();

    const chip = page.getByRole('button', { name: /^Short buzz/ });
    await chip.waitFor();
    await tabTo(page, chip);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'A few tokens short' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: '100', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('[data-tip][data-stage="ran"]').last().waitFor();

    const field = page.getByLabel('Say something to the room');
    await field.focus();
    const line = `hello from ${width} pixels`;
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
    await page.locator('[data-line]', { hasText: `You${line}` }).waitFor();

    // A tip above the limit is asked about, and Escape leaves it.
    const dear = page.getByRole('button', { name: /^Long climb/ });
    await dear.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Tip 120 tokens?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await dear.evaluate((element) => element === document.activeElement)).toBe(true);

    expect(await page.getByRole('log').getAttribute('aria-live')).toBe('off');
    expect(await faultsOf(page)).toEqual([]);
  },
  120_000,
);
