import path from 'node:path';
import { type Chromium, launchChromium } from '@nightjar/testkit/chromium';
import { startIntiface } from '@nightjar/testkit/servers/intiface';
import { SimulatedLovense } from '@nightjar/testkit/simulated-lovense';
import { type Platform, startPlatform } from '../../../scripts/lib/platform.ts';
import { lookAtDevice } from '../../lib/gauge-camera.ts';
import { row, say } from '../../lib/print.ts';
import { ServerSearch } from '../../lib/server-search.ts';
import { StudioPage } from '../../lib/studio-page.ts';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { ViewerPage } from './viewer-page.ts';

const ENGINE_PING_MS = 500;
/** The cold loads come from one address, faster than people would. */
const MANY = '10000';
/** What everybody may read, so that the search can be seen to find what is there. */
export const TITLE = 'Kingfisher rehearsal';

export interface Scene extends AsyncDisposable {
  readonly platform: Platform;
  readonly origin: string;
  readonly room: string;
  readonly device: SimulatedLovense;
  readonly studio: StudioPage;
  readonly search: ServerSearch;
  /** Somebody with a browser of their own. */
  newViewer(): Promise<ViewerPage>;
}

/** The platform behind its one door, a device behind a real engine, and a studio that is live and armed. */
export async function buildScene(signal: AbortSignal): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder('first-minute'));
  const platform = stack.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      edge: true,
      pages: true,
      env: {
        auth: { NIGHTJAR_SIGN_IN_PER_SECOND: MANY, NIGHTJAR_SIGN_IN_BURST: MANY },
        events: { NIGHTJAR_TICKETS_PER_SECOND: MANY, NIGHTJAR_TICKETS_BURST: MANY },
      },
      onStep: (what, ms) => row(ms, what),
    }),
  );
  signal.addEventListener('abort', () => void platform[Symbol.asyncDispose]());
  const search = stack.use(await ServerSearch.start(platform));
  const engine = stack.use(await startIntiface({ maxPingTimeMs: ENGINE_PING_MS }));
  const device = stack.use(await SimulatedLovense.connect(engine.deviceUrl));
  const origin = platform.endpoints.edge ?? '';

  const browser = stack.use(await launchChromium());
  await lookAtDevice(browser.context);
  const studio = new StudioPage(await browser.context.newPage());
  const began = performance.now();
  await studio.setUp({ origin, title: TITLE, device: { url: engine.url } }, platform);
  row(performance.now() - began, 'studio: set up in five steps');
  const room = `${origin}${await studio.roomPath()}`;
  await studio.goLive();
  await studio.arm();
  row(performance.now() - began, 'studio: live and armed');
  device.onLevel = (level) =>
    void studio.page.evaluate((now) => {
      window.nightjarGauge = now;
    }, level);
  say();

  const browsers: Chromium[] = [];
  const owned = stack.move();
  return {
    platform,
    origin,
    room,
    device,
    studio,
    search,
    async newViewer() {
      const own = await launchChromium();
      browsers.push(own);
      const viewer = new ViewerPage(await own.context.newPage());
      await viewer.open(room);
      return viewer;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(browsers.map((own) => own[Symbol.asyncDispose]()));
      await owned.disposeAsync();
    },
  };
}
