import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makePolicyKeys } from '@nightjar/fence/node/policy-keys';
import { type Log, silentLog } from '@nightjar/kit/log';
import { factsKeys, readFacts } from '@nightjar/kit/signed-facts';
import { freePort } from '@nightjar/testkit/servers/ports';
import type { Config } from '../src/config.ts';
import { type RunningEdge, start } from '../src/service.ts';
import { type Seen, startUpstream, type Upstream } from './upstream.ts';
import { type PageFiles, startWeb } from './web-process.ts';

const UPSTREAMS = ['auth', 'rooms', 'payments', 'events', 'geofence', 'livekit'] as const;
type Name = (typeof UPSTREAMS)[number];
/** Nothing ever listens there. */
const NOWHERE = 'http://127.0.0.1:9';

export interface EdgeUnderTest extends AsyncDisposable {
  readonly config: Config;
  readonly upstreams: Readonly<Record<Name, Upstream>>;
  /** The private file of the fence keys that it trusts. */
  readonly fenceKey: string;
  start(changes?: Partial<Config>, log?: Log): Promise<RunningEdge>;
  /** What the edge said of the connection in what it sent; undefined when it is not its signature. */
  factsIn(seen: Seen | undefined): ReturnType<typeof readFacts>;
}

/** Servers that keep what they are sent, web where there are pages, and as many edges in front of them as a test starts. */
export async function edgeUnderTest(options: { pages?: PageFiles } = {}): Promise<EdgeUnderTest> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-edge-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const bundle = path.join(folder, 'worker.js');
  // In a process of its own: the bundler does not run within jest.
  await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, '../build.ts'), bundle]);
  const upstreams = Object.fromEntries(
    await Promise.all(UPSTREAMS.map(async (name) => [name, stack.use(await startUpstream())] as const)),
  ) as Record<Name, Upstream>;
  const web = options.pages === undefined ? undefined : stack.use(await startWeb(options.pages));
  const fence = makePolicyKeys(Date.now());
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const keys = factsKeys(`edge-test ${x}`);
  const config: Config = {
    httpListen: { host: '127.0.0.1', port: 0 },
    internalListen: { host: '127.0.0.1', port: 0 },
    logLevel: 'error',
    otlpUrl: '',
    trustedHops: [],
    edgeKey: `edge-test ${d}`,
    fencePublicKeys: fence.publicFile,
    authUrl: upstreams.auth.url,
    roomsUrl: upstreams.rooms.url,
    paymentsUrl: upstreams.payments.url,
    eventsUrl: upstreams.events.url,
    geofenceUrl: upstreams.geofence.url,
    livekitUrl: upstreams.livekit.url,
    webUrl: web?.url ?? NOWHERE,
    publicOrigin: '',
    siteName: 'Nightjar',
    ageConfirmation: null,
    playMoney: true,
    testListen: undefined,
  };
  const owned = stack.move();
  return {
    config,
    upstreams,
    fenceKey: fence.privateFile,
    async start(changes = {}, log = silentLog) {
      const httpListen = { host: '127.0.0.1', port: await freePort() };
      const edge = await start({ ...config, httpListen, ...changes }, { log, bundle });
      owned.use(edge);
      return edge;
    },
    factsIn: (seen) => readFacts(String(seen?.headers['nightjar-facts']), keys, Date.now()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
