/** Pictures of every state of the pages, for the docs: docs/screens/<width>-<theme>/<screen>/<state>.webp. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launchChromium } from '@nightjar/testkit/chromium';
import { say } from '../../scripts/lib/print.ts';
import { root } from '../../scripts/lib/root.ts';
import { LOOKS, lookingPage, namesOfStates, showState } from '../lib/states.ts';
import { openStatesSite } from '../lib/states-site.ts';

const QUALITY = 60;

const folder = path.join(root, 'docs/screens');
await using site = await openStatesSite();
await using chromium = await launchChromium();
const names = await namesOfStates(await chromium.context.newPage(), site);
await rm(folder, { recursive: true, force: true });
for (const look of LOOKS) {
  const page = await lookingPage(chromium, look);
  const tools = await chromium.context.newCDPSession(page);
  for (const name of names) {
    await showState(page, site, name);
    const { data } = await tools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
    const file = path.join(folder, `${look.width}-${look.theme}`, `${name}.webp`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(data, 'base64'));
  }
  await page.close();
  say(`${names.length} states at ${look.width} pixels, ${look.theme}`);
}
