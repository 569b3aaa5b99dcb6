import path from 'node:path';
import { type IntifaceServer, startIntiface } from '@nightjar/testkit/servers/intiface';
import { SimulatedLovense } from '@nightjar/testkit/simulated-lovense';
import { chromium } from 'playwright-core';
import { type Platform, startPlatform } from '../../../scripts/lib/platform.ts';
import { type Line, startLine } from '../../lib/line.ts';
import { newViewer, type Viewer } from '../../lib/people.ts';
import { row, say } from '../../lib/print.ts';
import { StudioPage } from '../../lib/studio-page.ts';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { startBrowser, type TestBrowser } from '../../pages/lib/browser.ts';
import { DeviceWatch } from './device-watch.ts';
import { ENGINE_PING_MS, TOKENS } from './limits.ts';
import { LiveStudio } from './live-studio.ts';

/** A camera and a microphone that are not real, and media that stay on this machine. */
const MEDIA = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
];
/** What a browser does to a tab that was hidden for five minutes, after two seconds: its timers come once a minute. */
const SOON_THROTTLED = '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/2';

export interface Scene extends AsyncDisposable {
  readonly engine: IntifaceServer;
  readonly device: SimulatedLovense;
  readonly watch: DeviceWatch;
  readonly browser: TestBrowser;
  readonly studio: LiveStudio;
  /** Between the studio and the platform's one door. */
  readonly line: Line;
  readonly viewer: Viewer;
  readonly signal: AbortSignal;
}

/** The platform behind its one door, a device behind a real engine, and the real studio: set up, live, never armed yet. */
export async function buildScene(signal: AbortSignal, short: boolean): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder('studio-stops'));
  const platform = stack.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      edge: true,
      pages: true,
      onStep: (what, ms) => row(ms, what),
    }),
  );
  signal.addEventListener('abort', () => void platform[Symbol.asyncDispose]());
  const engine = stack.use(await startIntiface({ maxPingTimeMs: ENGINE_PING_MS }));
  const device = stack.use(await SimulatedLovense.connect(engine.deviceUrl));
  const line = stack.use(await startLine(Number(new URL(platform.endpoints.edge ?? '').port)));
  const origin = `http://127.0.0.1:${line.port}`;
  const browser = stack.use(await startBrowser(short ? [...MEDIA, SOON_THROTTLED] : MEDIA));
  const began = performance.now();
  const roomId = await goLive(browser, { origin, engineUrl: engine.url, platform });
  const studio = await LiveStudio.at(browser, `${origin}/studio`);
  row(performance.now() - began, 'studio: set up in five steps, and live');
  const viewer = stack.use(await newViewer(platform, roomId, TOKENS));
  say();
  const owned = stack.move();
  return {
    engine,
    device,
    watch: new DeviceWatch(device),
    browser,
    studio,
    line,
    viewer,
    signal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Wish {
  readonly origin: string;
  readonly engineUrl: string;
  readonly platform: Platform;
}

/** By Playwright, which then lets go of the browser: its pages would never be hidden. @returns the room's id */
async function goLive({ address }: TestBrowser, { origin, engineUrl, platform }: Wish): Promise<string> {
  const playwright = await chromium.connectOverCDP(address);
  try {
    const [context] = playwright.contexts();
    if (!context) throw new Error('the browser has no window');
    const studio = new StudioPage(await context.newPage());
    await studio.setUp({ origin, title: 'Stopping', device: { url: engineUrl } }, platform);
    await studio.goLive();
    const kept = await studio.page.evaluate(() => localStorage.getItem('nightjar-studio'));
    return (JSON.parse(kept ?? '{}') as { roomId: string }).roomId;
  } finally {
    await playwright.close();
  }
}
