/** Every state of every screen and component, at both widths and in both themes: nothing that WCAG 2.2 A and AA forbid. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Chromium, launchChromium } from '@nightjar/testkit/chromium';
import { faultsOf, LOOKS, lookingPage, namesOfStates, showState } from '../lib/states.ts';
import { openStatesSite, type StatesSite } from '../lib/states-site.ts';

const STATES_MS_MAX = 600_000;

let site: StatesSite;
let chromium: Chromium;
let names: string[];
beforeAll(async () => {
  site = await openStatesSite();
  chromium = await launchChromium();
  names = await namesOfStates(await chromium.context.newPage(), site);
}, STATES_MS_MAX);
afterAll(async () => {
  await chromium?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});

test.each(LOOKS)(
  'at $width pixels, $theme',
  async (look) => {
    const page = await lookingPage(chromium, look);
    const faults: string[] = [];
    for (const name of names) {
      await showState(page, site, name);
      faults.push(...(await faultsOf(page)).map((fault) => `${name}: ${fault}`));
    }
    expect(names.length).toBeGreaterThan(40);
    expect(faults).toEqual([]);
  },
  STATES_MS_MAX,
);
