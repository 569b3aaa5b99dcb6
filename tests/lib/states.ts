import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Chromium } from '@nightjar/testkit/chromium';
import type { Page } from 'playwright-core';
import type { StatesSite } from './states-site.ts';

/** How a state is looked at: at both widths and in both themes. */
export interface Look {
  readonly width: 390 | 1440;
  readonly theme: 'dark' | 'light';
}

export const LOOKS: readonly Look[] = [
  { width: 1440, theme: 'dark' },
  { width: 1440, theme: 'light' },
  { width: 390, theme: 'dark' },
  { width: 390, theme: 'light' },
];

const HEIGHT = { 390: 844, 1440: 900 } as const;

/** A state whose camera shows nothing in this time is one without a camera. */
const FIRST_FRAME_MS_MAX = 2_000;

/** WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

declare global {
  interface Window {
    axe: {
      run(
        where: Document,
        options: object,
      ): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }>;
    };
  }
}

/** Every state that there is, as `RoomPage/live`. */
export async function namesOfStates(page: Page, site: StatesSite): Promise<string[]> {
  await page.goto(site.url);
  await page.locator('[data-state]').first().waitFor();
  return page
    .locator('[data-state]')
    .evaluateAll((links) => links.map((link) => (link.getAttribute('data-state') ?? '').replace(/^#/, '')));
}

/** A page that looks at states in one way, one after the other. */
export async function lookingPage(chromium: Chromium, { width, theme }: Look): Promise<Page> {
  const page = await chromium.context.newPage();
  await page.setViewportSize({ width, height: HEIGHT[width] });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  return page;
}

export async function showState(page: Page, site: StatesSite, name: string): Promise<void> {
  if (!page.url().startsWith(site.url)) await page.goto(site.url);
  // Each state is drawn anew: what one left behind must not make up for what another one lacks.
  await page.evaluate(
    async ({ hash, patienceMs }) => {
      location.hash = hash;
      while (document.documentElement.dataset.shown !== hash) await new Promise(requestAnimationFrame);
      await document.fonts.ready;
      // A camera that is drawn needs a moment for its first frame.
      const late = performance.now() + patienceMs;
      const shows = (video: HTMLVideoElement) =>
        video.srcObject === null || video.readyState >= video.HAVE_CURRENT_DATA;
      while (![...document.querySelectorAll('video')].every(shows) && performance.now() < late)
        await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
    },
    { hash: `#${name}`, patienceMs: FIRST_FRAME_MS_MAX },
  );
}

/** What axe finds wrong with the page as it is now, a line each. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(await axeScript());
  return page.evaluate(async (rules) => {
    const { violations } = await window.axe.run(document, { runOnly: rules });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) =>
          `${id}: ${String(target)}: ${failureSummary.replaceAll(/\s+/g, ' ')}`,
      ),
    );
  }, RULES);
}

let script: Promise<string> | undefined;
function axeScript(): Promise<string> {
  script ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return script;
}
