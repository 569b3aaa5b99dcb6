import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@nightjar/client/cli/run';
import { type Endpoints, readEndpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { keyFiles } from '@nightjar/client/node/key-files';
import { endMedia } from '@nightjar/demo/end-media';
import { type Demo, type DemoEvent, startDemo } from '@nightjar/demo/run-demo';
import { type Platform, type PlatformOptions, startPlatform } from '../../scripts/lib/platform.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';
import { until } from '../lib/until.ts';

/** The platform on real servers and a demo broadcaster who is live in it. */
export interface Evening extends AsyncDisposable {
  readonly platform: Platform;
  readonly endpoints: Endpoints;
  readonly demo: Demo;
  readonly said: readonly DemoEvent[];
  /** nightjar-viewer, as a person runs it. Its lines, and its exit code. */
  viewer(...args: string[]): Promise<Said>;
  /** The same with something typed: `chat`. */
  type(text: string, ...args: string[]): Promise<Said>;
}

interface Said {
  readonly code: number;
  readonly lines: Record<string, unknown>[];
}

export async function startEvening(
  options: Partial<PlatformOptions> = {},
  through: (endpoints: Endpoints, platform: Platform) => Promise<Endpoints> = async (endpoints) => endpoints,
): Promise<Evening> {
  await using stack = new AsyncDisposableStack();
  stack.defer(endMedia);
  const folder = stack.use(await temporaryFolder('evening')).path;
  const platform = stack.use(
    await startPlatform({ state: join(folder, 'state'), ports: 'free', durable: false, ...options }),
  );
  const endpoints = await through(readEndpoints(platform.endpoints), platform);
  const demoFolder = join(folder, 'demo');
  const identity = new Identity({ endpoints, http: createHttpClient(), keys: keyFiles(demoFolder) });
  await platform.operator('broadcaster', 'add', '--public-key', await identity.publicKey());
  const said: DemoEvent[] = [];
  const demo = stack.use(
    await startDemo({ endpoints, folder: demoFolder, onEvent: (event) => said.push(event) }),
  );
  await until('the demo is live', () => isLive(said));
  const file = join(folder, 'endpoints.json');
  await writeFile(file, JSON.stringify(endpoints));
  const env = { NIGHTJAR_HOME: join(folder, 'viewer'), NIGHTJAR_ENDPOINTS: file };
  const owned = stack.move();
  const type = async (text: string, ...args: string[]): Promise<Said> => {
    const lines: Record<string, unknown>[] = [];
    const code = await run([...args, '--json'], {
      env,
      stdin: (async function* () {
        yield text;
      })(),
      signal: new AbortController().signal,
      out: (line) => lines.push(JSON.parse(line)),
      err: () => {},
    });
    return { code, lines };
  };
  return {
    platform,
    endpoints,
    demo,
    said,
    type,
    viewer: (...args) => type('', ...args),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function isLive(said: readonly DemoEvent[]): boolean {
  return (
    said.some((event) => event.is === 'picture' && event.live) &&
    said.some((event) => event.is === 'bridge' && event.phase === 'live')
  );
}
