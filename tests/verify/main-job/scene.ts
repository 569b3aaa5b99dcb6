import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readEndpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { keyFiles } from '@nightjar/client/node/key-files';
import { type MediaGrant, type Room, Rooms } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import type { TipEnd } from '@nightjar/client/tip-life';
import { startDemo } from '@nightjar/demo/run-demo';
import type { SeenFrame } from '@nightjar/demo/watch-picture';
import { startIntiface } from '@nightjar/testkit/servers/intiface';
import { LEVELS, SimulatedLovense } from '@nightjar/testkit/simulated-lovense';
import { type Platform, startPlatform } from '../../../scripts/lib/platform.ts';
import { BridgeProgram } from '../../lib/bridge-program.ts';
import { type Line, startLine } from '../../lib/line.ts';
import { newViewer, type Viewer } from '../../lib/people.ts';
import { row, say } from '../../lib/print.ts';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { until } from '../../lib/until.ts';

/** The engine's ping time: it acts after up to twice as long, which bounds the stop of a frozen bridge. */
const ENGINE_PING_MS = 500;
export const TOKENS = 1_000n;

export interface Scene extends AsyncDisposable {
  readonly platform: Platform;
  readonly room: Room;
  readonly identity: Identity;
  readonly viewer: Viewer;
  readonly device: SimulatedLovense;
  readonly bridge: BridgeProgram;
  /** Between the bridge and events. */
  readonly line: Line;
  readonly frames: readonly SeenFrame[];
  /** How the tips ended that were cut into. */
  readonly endings: Promise<TipEnd>[];
  readonly onFrame: (frame: SeenFrame) => void;
  /** What somebody without an account gets to watch with. */
  guestGrant(): Promise<MediaGrant>;
  /** A new run of the bridge, with the keys and the journal of the one before. */
  restartBridge(): Promise<void>;
  untilArmed(): Promise<void>;
}

export async function buildScene(signal: AbortSignal): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder('main-job'));
  const began = performance.now();
  const platform = stack.use(
    await startPlatform({
      state: path.join(home.path, 'state'),
      ports: 'free',
      onStep: (what, ms) => row(ms, what),
    }),
  );
  signal.addEventListener('abort', () => void platform[Symbol.asyncDispose]());
  const engine = stack.use(await startIntiface({ maxPingTimeMs: ENGINE_PING_MS }));
  const device = stack.use(await SimulatedLovense.connect(engine.deviceUrl));

  const folder = path.join(home.path, 'broadcaster');
  await mkdir(folder);
  const endpoints = readEndpoints(platform.endpoints);
  const http = createHttpClient();
  const identity = new Identity({ endpoints, http, keys: keyFiles(folder), broadcaster: true });
  await platform.operator('broadcaster', 'add', '--public-key', await identity.publicKey());
  let published = false;
  const demo = stack.use(
    await startDemo({
      endpoints,
      folder,
      gauge: () => ({ level: (device.level / LEVELS) * 1_000, status: device.moves ? 'RUNS' : 'AT REST' }),
      onEvent: (event) => {
        if (event.is === 'picture') published = event.live;
      },
    }),
  );
  device.onLevel = () => demo.redraw();
  await until('the picture is published', () => published);

  const line = stack.use(await startLine(platform.service('events').port));
  const startBridge = () =>
    BridgeProgram.start({
      roomId: demo.room.roomId,
      folder,
      endpoints: { ...endpoints, events: `http://127.0.0.1:${line.port}` },
      driver: ['--driver', 'intiface', '--intiface', engine.url],
    });
  let bridge = await startBridge();
  stack.defer(() => bridge[Symbol.asyncDispose]());
  const untilArmed = () => until('the bridge is armed and permitted', () => bridge.isArmed);
  await untilArmed();
  const viewer = stack.use(await newViewer(platform, demo.room.roomId, TOKENS));
  row(performance.now() - began, 'everything is up, the bridge is armed, a viewer is in the room');
  say();

  const frames: SeenFrame[] = [];
  const owned = stack.move();
  return {
    platform,
    room: demo.room,
    identity,
    viewer,
    device,
    line,
    frames,
    endings: [],
    onFrame: (frame) => frames.push(frame),
    get bridge() {
      return bridge;
    },
    async guestGrant() {
      const { roomId } = demo.room;
      const { ticket } = await getTicket({ endpoints, http, roomId, as: 'guest' });
      return new Rooms({ endpoints, http }).mediaGrant(roomId, ticket);
    },
    async restartBridge() {
      await bridge[Symbol.asyncDispose]();
      bridge = await startBridge();
    },
    untilArmed,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
