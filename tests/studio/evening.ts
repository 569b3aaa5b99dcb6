import { launchChromium } from '@nightjar/testkit/chromium';
import type { Page } from 'playwright-core';
import { newViewer, type Viewer } from '../lib/people.ts';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { StudioPage } from '../lib/studio-page.ts';
import { until } from '../lib/until.ts';

export interface Evening extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly origin: string;
  /** A studio in a browser of its own, which nobody knows yet. */
  newStudio(): Promise<StudioPage>;
}

/** The platform behind its one door, and a browser. */
export async function startEvening(): Promise<Evening> {
  await using stack = new AsyncDisposableStack();
  const platform = stack.use(await platformUnderTest({ edge: true, pages: true }));
  const origin = platform.endpoints.edge;
  if (!origin) throw new Error('there is no edge');
  const owned = stack.move();
  return {
    platform,
    origin,
    async newStudio() {
      const { context } = owned.use(await launchChromium());
      return new StudioPage(await context.newPage());
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What the stop bar says. */
export async function stopBar(page: Page): Promise<string> {
  return (await page.locator('#stop-words').textContent()) ?? '';
}

export async function untilStopBar(page: Page, words: RegExp): Promise<void> {
  await until(`the stop bar says ${words}`, async () => words.test(await stopBar(page)));
}

export async function roomIdOf(page: Page): Promise<string> {
  const kept = await page.evaluate(() => localStorage.getItem('nightjar-studio'));
  return (JSON.parse(kept ?? '{}') as { roomId: string }).roomId;
}

/** Somebody in the studio's room with tokens to spend. */
export async function viewerOf({ platform }: Evening, page: Page): Promise<Viewer> {
  return newViewer(platform, await roomIdOf(page), 1_000n);
}
