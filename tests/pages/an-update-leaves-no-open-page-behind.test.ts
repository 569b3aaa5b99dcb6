/** Pages are updated while people have them open: what they open next is there all the same. */
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { launchChromium } from '@nightjar/testkit/chromium';
import { build } from '../../scripts/lib/build.ts';
import { root } from '../../scripts/lib/root.ts';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';

const STEP_MS_MAX = 20_000;
const stack = new AsyncDisposableStack();
let pagesFolder: string;
let platform: TestPlatform;

beforeAll(async () => {
  await build(['service-web']);
  pagesFolder = path.join(stack.use(await temporaryFolder('pages')).path, 'pages');
  await cp(path.join(root, 'services/web/dist/pages'), pagesFolder, { recursive: true });
  platform = stack.use(await platformUnderTest({ edge: true, pages: true, pagesFolder }));
}, 180_000);
afterAll(() => stack.disposeAsync(), 60_000);

/** The build as if all of it had been changed: every asset has another name, wherever it is said. */
async function change(): Promise<void> {
  const assets = path.join(pagesFolder, 'assets');
  const names = (await readdir(assets)).filter((name) => /\.(js|css)$/.test(name));
  for (const name of await readdir(pagesFolder, { recursive: true })) {
    const file = path.join(pagesFolder, name);
    if (/\.(br|gz)$/.test(name)) await rm(file);
    else if (/\.(html|js|css)$/.test(name)) {
      const text = names.reduce(
        (sum, each) => sum.replaceAll(each, changed(each)),
        await readFile(file, 'utf8'),
      );
      await writeFile(file, text);
    }
  }
  for (const name of names) await rename(path.join(assets, name), path.join(assets, changed(name)));
}

const changed = (name: string) => name.replace(/\.(js|css)$/, '-changed.$1');

test('a page that was open before the update gets to one that has changed', async () => {
  await using chromium = await launchChromium();
  const page = await chromium.context.newPage();
  page.setDefaultTimeout(STEP_MS_MAX);
  await page.goto(`${platform.endpoints.edge}/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(path.basename(new URL(request.url()).pathname)));
  await change();
  await platform.service('web').restart();
  await page.getByRole('link', { name: 'Wallet' }).click();
  await page.getByRole('heading', { name: 'Wallet', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/wallet');
  // What was asked for in vain by the name of before is there by the new one.
  const [first] = asked.filter((name) => name.startsWith('page-') && name.endsWith('.js'));
  expect(asked).toContain(changed(first ?? ''));
}, 60_000);

test('a part that is nowhere does not load a page over and over', async () => {
  await using chromium = await launchChromium();
  const page = await chromium.context.newPage();
  await page.route('**/assets/*', (route) =>
    /page-[^/]*\.js$/.test(route.request().url()) ? route.fulfill({ status: 404 }) : route.continue(),
  );
  let loads = 0;
  page.on('domcontentloaded', () => void loads++);
  const gaveUp = page.waitForEvent('pageerror', { predicate: () => loads === 2, timeout: STEP_MS_MAX });
  await page.goto(`${platform.endpoints.edge}/wallet`);
  await gaveUp;
  await page.waitForLoadState('networkidle');
  expect(loads).toBe(2);
}, 60_000);
