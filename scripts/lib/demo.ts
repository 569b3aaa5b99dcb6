import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Death, plainEnvironment, startChild } from '@nightjar/testkit/servers/child';
import { type RunningServer, runServer } from '@nightjar/testkit/servers/running-server';
import { root } from './root.ts';
import type { Secrets } from './secrets.ts';
import type { State } from './state.ts';

/** The demo broadcaster: a room that is live, with a picture and a simulated device. */
export interface RunningDemo extends RunningServer {
  readonly roomId: string;
  readonly slug: string;
}

const PROGRAM = path.join(root, 'packages/demo/dist/main.js');

export async function startDemo(options: {
  state: State;
  secrets: Secrets;
  operator(...args: string[]): Promise<string>;
  onDeath(name: string, logFile: string, death: Death): void;
}): Promise<RunningDemo> {
  const { state, secrets } = options;
  const home = path.join(state.root, 'demo');
  const env = {
    ...plainEnvironment(),
    NIGHTJAR_ENDPOINTS: state.endpoints,
    NIGHTJAR_DEMO_HOME: home,
  };
  await mkdir(home, { recursive: true, mode: 0o700 });
  await copyFile(secrets.file('demo', 'device.key'), path.join(home, 'device.key'));
  const publicKey = await readFile(secrets.file('demo', 'public-key'), 'utf8');
  await options.operator('broadcaster', 'add', '--public-key', publicKey);

  const logFile = path.join(state.logs, 'demo.log');
  const before = await stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
  const events = async () => parseEvents((await readFile(logFile)).subarray(before).toString());
  let room: DemoEvent | undefined;
  const server = await runServer({
    name: 'demo',
    url: state.endpoints,
    port: 0,
    logFile,
    launch: () =>
      startChild({
        name: 'demo',
        command: process.execPath,
        args: ['--enable-source-maps', PROGRAM, 'run', '--json'],
        env,
        logFile,
        onDeath: (death) => options.onDeath('demo', logFile, death),
      }),
    async ask() {
      const said = await events();
      room = said.find(({ is }) => is === 'room');
      if (!room || !said.some(({ is, live }) => is === 'picture' && live)) throw new Error('no picture yet');
    },
    readyWithinMs: 30_000,
    stopSignal: 'SIGTERM',
    cleanUp: async () => {},
  });
  return Object.assign(server, { roomId: room?.roomId ?? '', slug: room?.slug ?? '' });
}

interface DemoEvent {
  readonly is?: string;
  readonly live?: boolean;
  readonly roomId?: string;
  readonly slug?: string;
}

// Other lines are what libraries of the media engine say.
function parseEvents(text: string): DemoEvent[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as DemoEvent];
    } catch {
      return [];
    }
  });
}
