import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, test } from '@jest/globals';
import { launchChromium } from '@nightjar/testkit/chromium';
import { type Platform, startPlatform } from '../../scripts/lib/platform.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';
import { Reader } from './follow.ts';
import { stepsOf } from './steps.ts';
import { Terminal } from './terminal.ts';

const TEST_MS_MAX = 180_000;
/** What is copied on the screen is run in a terminal. */
const CLIPBOARD = ['clipboard-read', 'clipboard-write'];

let ours: AsyncDisposableStack;
let platform: Platform;
beforeAll(async () => {
  ours = new AsyncDisposableStack();
  const home = ours.use(await temporaryFolder('tutorials'));
  platform = ours.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      durable: false,
      edge: true,
      pages: true,
      demo: true,
    }),
  );
}, TEST_MS_MAX);
afterAll(() => ours?.disposeAsync(), 60_000);

let reader: Reader;
let theirs: AsyncDisposableStack;
beforeEach(async () => {
  theirs = new AsyncDisposableStack();
  const { path: folder } = theirs.use(await temporaryFolder('reader'));
  reader = new Reader({
    origin: platform.endpoints.edge ?? '',
    folder: path.join(folder, 'my-bot'),
    terminal: theirs.use(new Terminal(folder, platform.state.root)),
    async openWindow() {
      const { context } = theirs.use(await launchChromium({ permissions: CLIPBOARD }));
      return context.newPage();
    },
  });
});
afterEach(() => theirs.disposeAsync(), 60_000);

test.each(['watch-and-tip.md', 'go-live.md', 'build-a-bot.md'])(
  '%s: whoever does what it says sees what it says',
  async (tutorial) => {
    await reader.follow(await stepsOf(tutorial));
  },
  TEST_MS_MAX,
);
