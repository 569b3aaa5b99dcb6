/** The README's picture: a viewer's page in the demo room while a tip runs, as it was at that moment. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launchChromium } from '@nightjar/testkit/chromium';
import { newViewer } from '../tests/lib/people.ts';
import { temporaryFolder } from '../tests/lib/temporary-folder.ts';
import { startPlatform } from './lib/platform.ts';
import { say, seconds } from './lib/print.ts';
import { root } from './lib/root.ts';

const FILE = path.join(root, 'docs/pictures/room.webp');
const VIEWPORT = { width: 1440, height: 800 };
const QUALITY = 80;
/** As much of the wave as makes a drawing, with enough of it left. */
const INTO_THE_WAVE_MS = 5_200;

await using home = await temporaryFolder('picture');
await using platform = await startPlatform({
  state: path.join(home.path, 'state'),
  ports: 'free',
  durable: false,
  edge: true,
  pages: true,
  demo: true,
  onStep: (what, ms) => say(`${seconds(ms)}  ${what}`),
});
const { demo, endpoints } = platform;
if (!demo) throw new Error('there is no demo');
await using chromium = await launchChromium({ viewport: VIEWPORT, colorScheme: 'dark' });
const page = await chromium.context.newPage();
await page.goto(`${endpoints.edge}/r/${demo.slug}`);
await page.getByText('Live', { exact: true }).waitFor();
await page.getByRole('button', { name: 'Get tokens' }).click();
await page.getByRole('button', { name: '1,000', exact: true }).click();
await page.getByRole('dialog').waitFor({ state: 'hidden' });

using friend = await newViewer(platform, demo.roomId, 500n);
await friend.chat.say('good evening! the heartbeat one first');
await friend.tip({ itemId: 'pulse' }).end;
const line = 'that was quick. a slow one from me';
const field = page.getByLabel('Say something to the room');
await field.fill(line);
await field.press('Enter');
await page.locator('[data-line]', { hasText: line }).waitFor();
await friend.chat.say('and then mine');
await page.getByRole('button', { name: /^Slow wave/ }).click();
await page.locator('[data-tip][data-stage="running"]').waitFor();
await friend.tip({ itemId: 'buzz' }).receipt;
await page.locator('[data-tip][data-stage="queued"]').waitFor();
await new Promise((resolve) => setTimeout(resolve, INTO_THE_WAVE_MS));

const tools = await chromium.context.newCDPSession(page);
const { data } = await tools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
await mkdir(path.dirname(FILE), { recursive: true });
await writeFile(FILE, Buffer.from(data, 'base64'));
say(`${path.relative(root, FILE)}, ${Math.round((await stat(FILE)).size / 1_000)} kB`);
