import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { readEndpoints } from '@nightjar/client/endpoints';
import type { Room } from '@nightjar/client/rooms';
import { startIntiface } from '@nightjar/testkit/servers/intiface';
import { SimulatedLovense } from '@nightjar/testkit/simulated-lovense';
import { MENU, newViewer } from '../../lib/people.ts';
import { platformUnderTest } from '../../lib/platform-under-test.ts';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { type BrowserPage, startBrowser, type TestBrowser } from './browser.ts';
import { type Door, openDoor } from './door.ts';
import { Studio, untilReady } from './studio.ts';

/** The part of the page's BridgeState that tests look at. */
export interface Seen {
  readonly phase: string;
  readonly level: number;
  readonly problem?: { readonly code: string };
  readonly envelope: { readonly levelMax: number };
  readonly envelopeFrom: string;
  readonly server?: { readonly phase: string };
  readonly view?: {
    readonly arm: { readonly phase: string; readonly why?: string };
    readonly server: string;
    readonly permit: boolean;
    readonly deviceName?: string;
    readonly trial?: string;
  };
  readonly log: readonly { readonly is: string }[];
}

export interface BridgeGround extends AsyncDisposable {
  readonly device: SimulatedLovense;
  readonly door: Door;
  readonly room: Room;
  /** How the tips ended, as their viewer was told, in the order of their ends. */
  readonly ends: readonly string[];
  /** Opens the page; its bridge is not started. */
  page(engineUrl?: string, browser?: TestBrowser): Promise<Studio>;
  /** Opens the page and starts its bridge, latched. */
  studio(engineUrl?: string): Promise<Studio>;
  /** Somebody tips. The room has the tip when it resolves. */
  tip(itemId: string): Promise<void>;
}

/** What a browser does to a tab that was hidden for minutes, after two seconds: its timers come once a minute. */
const SOON_THROTTLED = '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/2';

/** The platform, an engine with a device, a browser, and a room whose broadcaster is that browser. */
export async function startBridgeGround(): Promise<BridgeGround> {
  await using stack = new AsyncDisposableStack();
  const built = stack.use(await temporaryFolder('bridge-page'));
  buildPage(built.path);
  const platform = stack.use(await platformUnderTest());
  const engine = stack.use(await startIntiface({ maxPingTimeMs: 500 }));
  const device = stack.use(await SimulatedLovense.connect(engine.deviceUrl));
  const door = stack.use(await openDoor(built.path, readEndpoints(platform.endpoints)));
  const browser = stack.use(await startBrowser([SOON_THROTTLED]));
  const setUp = await openPage(browser, door);
  const publicKey = await setUp.evaluate<string>('identity.publicKey()');
  await platform.operator('broadcaster', 'add', '--public-key', publicKey);
  const room = await setUp.evaluate<Room>(makeRoom());
  await setUp.close();
  const viewer = stack.use(await newViewer(platform, room.roomId, 10_000n));
  const ends: string[] = [];
  const page = async (engineUrl = engine.url, inBrowser = browser) =>
    new Studio(inBrowser, await openPage(inBrowser, door), room.roomId, engineUrl);
  const owned = stack.move();
  return {
    device,
    door,
    room,
    ends,
    page,
    async studio(engineUrl) {
      const studio = await page(engineUrl);
      await studio.start();
      return studio;
    },
    async tip(itemId) {
      const tip = viewer.tip({ itemId });
      void tip.end.then(({ stage }) => ends.push(stage));
      await tip.receipt;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** In a process of its own: the bundler is not for a test runner's modules. */
function buildPage(folder: string): void {
  const program = path.join(import.meta.dirname, 'build-bridge-page.ts');
  const { status, stderr } = spawnSync(process.execPath, ['--conditions=nightjar-source', program, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the page could not be built\n${stderr}`);
}

function makeRoom(): string {
  return `(async () => {
    const room = await rooms.create({ name: 'test', title: 'A room of a test' }, '${randomUUID()}');
    const menu = await rooms.putMenu(room.roomId, { version: room.menu.version, items: ${JSON.stringify(MENU)} });
    await rooms.startShow(room.roomId);
    return { ...room, menu };
  })()`;
}

async function openPage(browser: TestBrowser, { origin }: Door): Promise<BrowserPage> {
  const page = await browser.newPage(origin);
  await untilReady(page);
  return page;
}
