import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundledGeoipFile } from '@nightjar/fence/mmdb';
import { silentLog } from '@nightjar/kit/log';
import { setUpPostgres } from '@nightjar/setup/postgres';
import { setUpStreams } from '@nightjar/setup/streams';
import { lockNow } from '@nightjar/testkit/servers/cache';
import { type Death, logTail } from '@nightjar/testkit/servers/child';
import { type EngineName, findEngine } from '@nightjar/testkit/servers/engines';
import { build } from './build.ts';
import { type RunningDemo, startDemo } from './demo.ts';
import { checkGivenServers } from './given-servers.ts';
import { type Port, portOf } from './port-table.ts';
import { addressOf, givenSecrets, openSecrets, type Secrets } from './secrets.ts';
import { type Servers, startServers } from './servers.ts';
import { migrateService, operate, type RunningService, startService } from './service-process.ts';
import {
  commonEnv,
  hasMigrations,
  SERVICES,
  type ServiceName,
  type ServiceRow,
  type Surroundings,
} from './services.ts';
import { openState, type State } from './state.ts';

export interface PlatformOptions {
  /** The folder that holds everything; kept. */
  readonly state: string;
  readonly fresh?: boolean;
  /** `fixed` addresses for people (the default), `free` ones where several platforms run side by side. */
  readonly ports?: 'fixed' | 'free';
  /** The default is all of them but the edge and web. */
  readonly services?: readonly ServiceName[];
  /** The edge as well: one door to everything. */
  readonly edge?: boolean;
  /** Builds the pages, which takes a while the first time, and runs web, of which the edge has them. */
  readonly pages?: boolean;
  /** More than one process of a service. */
  readonly instances?: Partial<Readonly<Record<ServiceName, number>>>;
  /** More settings for a service, over those of the table. */
  readonly env?: Partial<Readonly<Record<ServiceName, Readonly<Record<string, string>>>>>;
  /** PostgreSQL with fsync (the default is yes). */
  readonly durable?: boolean;
  readonly skipBuild?: boolean;
  /** A broadcaster who is live, with a picture and a simulated device. */
  readonly demo?: boolean;
  /** Hears each step and its time. */
  readonly onStep?: (what: string, ms: number) => void;
}

export interface Endpoints {
  readonly edge?: string;
  readonly web?: string;
  readonly auth?: string;
  readonly rooms?: string;
  readonly payments?: string;
  readonly events?: string;
  readonly geofence?: string;
  readonly livekit: string;
}

export interface Platform extends AsyncDisposable {
  readonly state: State;
  readonly secrets: Secrets;
  readonly servers: Servers;
  /** By name: `events`, and `events-2` for a second process. */
  readonly services: ReadonlyMap<string, RunningService>;
  service(name: string): RunningService;
  readonly endpoints: Endpoints;
  readonly demo: RunningDemo | undefined;
  /** What the operator's command prints. */
  operator(...args: string[]): Promise<string>;
  /** Rejects when a process of ours ends that nobody told to; what it last said is in the error. */
  readonly died: Promise<never>;
}

const DATABASE = 'nightjar';

/**
 * Everything that the platform is on one machine: servers, databases, secrets, migrations, and each service as a process
 * of its own. Whatever fails, what was started before is ended.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const kind = options.ports ?? 'fixed';
  const byWish: Partial<Record<ServiceName, boolean>> = {
    edge: options.edge ?? false,
    web: options.pages ?? false,
  };
  const rows = SERVICES.filter(({ name }) => options.services?.includes(name) ?? byWish[name] ?? true);
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    options.onStep?.(what, performance.now() - start);
    return result;
  };
  let dying: (error: Error) => void = () => {};
  const died = new Promise<never>((_, reject) => {
    dying = reject;
  });
  died.catch(() => {});
  const onDeath = (name: string, logFile: string, { code, signal }: Death) =>
    dying(
      new Error(
        `${name} ended by itself (${signal ?? `exit code ${code}`}); the end of ${logFile}:\n${logTail(logFile)}`,
      ),
    );

  await using stack = new AsyncDisposableStack();
  const lock = await lockNow(`state ${options.state}`);
  if (!lock)
    throw new Error(
      `another scripts/start uses ${options.state}: end it, or set NIGHTJAR_STATE to another folder`,
    );
  stack.use(lock);
  const state = await openState(options.state, { fresh: options.fresh ?? false });
  stack.defer(() => rm(state.endpoints, { force: true }));

  await checkGivenServers(process.env, step);
  const secrets = await openSecrets(state.secrets, await givenSecrets(process.env));
  const ports = await assignPorts(rows, kind, options);
  const rooms = ports.get('rooms')?.[0]?.http.port;
  const engines = engineNames(process.env);
  const starting = (async () => {
    if (engines.length > 0)
      await step(`found ${engines.join(', ')}`, () => Promise.all(engines.map((name) => findEngine(name))));
    return startServers(stack, {
      ports: kind,
      folder: state.servers,
      secrets,
      env: process.env,
      durable: options.durable ?? true,
      webhookUrls: rooms === undefined ? [] : [`http://127.0.0.1:${rooms}/v1/livekit/webhook`],
      onDeath,
      step,
    });
  })();
  const building = options.skipBuild
    ? Promise.resolve()
    : step('build', () =>
        build([...rows.map(({ name }) => `service-${name}`), ...(options.demo ? ['demo'] : [])]),
      );
  const [started, built] = await Promise.allSettled([starting, building]);
  if (started.status === 'rejected') throw started.reason;
  if (built.status === 'rejected') throw built.reason;
  const servers = started.value;

  await step('databases, roles and streams', () => setUp(servers, secrets, state));
  const around = surroundings(servers, secrets, (name) => {
    const own = ports.get(name)?.[0];
    return own && `http://127.0.0.1:${own.http.port}`;
  });
  const envOf = (row: ServiceRow, { http, internal }: { http: Port; internal: Port }) => {
    const own = { ...around, secret: (key: string) => secrets.file(row.name, key) };
    return {
      ...commonEnv(row, { http: http.port, internal: internal.port }, own, process.env),
      ...row.env(own),
      ...options.env?.[row.name],
    };
  };
  const portsOf = (row: ServiceRow) => ports.get(row.name) ?? [];

  await step('migrations', () =>
    Promise.all(
      rows
        .filter(({ name }) => hasMigrations(name))
        .map((row) => migrateService(row.name, envOf(row, portsOf(row)[0] as never), state.logs)),
    ),
  );

  const services = new Map<string, RunningService>();
  // All at once: each waits for those that it needs.
  const starts = await Promise.allSettled(
    rows.flatMap((row) =>
      portsOf(row).map(async (own, index) => {
        const name = index === 0 ? row.name : `${row.name}-${index + 1}`;
        const service = await step(name, () =>
          startService({
            service: row.name,
            name,
            ...own,
            env: envOf(row, own),
            logs: state.logs,
            onDeath,
          }),
        );
        services.set(name, stack.use(service));
      }),
    ),
  );
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) throw failed.reason;

  const endpoints: Endpoints = {
    ...Object.fromEntries(rows.map(({ name }) => [name, services.get(name)?.url])),
    livekit: around.livekit.wsUrl,
  };
  await writeEndpoints(state.endpoints, endpoints);

  const operator = (...args: string[]) => operate(args, around);
  const demo = options.demo
    ? stack.use(await step('demo', () => startDemo({ state, secrets, operator, onDeath })))
    : undefined;

  const owned = stack.move();
  return {
    state,
    secrets,
    servers,
    services,
    service(name) {
      const service = services.get(name);
      if (!service) throw new Error(`no service ${name} runs here`);
      return service;
    },
    endpoints,
    demo,
    operator,
    died,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function assignPorts(
  rows: readonly ServiceRow[],
  kind: 'fixed' | 'free',
  options: PlatformOptions,
): Promise<Map<ServiceName, { http: Port; internal: Port }[]>> {
  const assigned = new Map<ServiceName, { http: Port; internal: Port }[]>();
  for (const row of rows) {
    const wanted = options.instances?.[row.name] ?? 1;
    if (wanted > row.ports.length) throw new Error(`at most ${row.ports.length} of ${row.name} can run here`);
    const own = [];
    for (const { http, internal } of row.ports.slice(0, wanted)) {
      own.push({
        http: await portOf(http, kind, process.env),
        internal: await portOf(internal, kind, process.env),
      });
    }
    assigned.set(row.name, own);
  }
  return assigned;
}

function engineNames(env: NodeJS.ProcessEnv): EngineName[] {
  const wanted: EngineName[] = [];
  if (!env.NIGHTJAR_POSTGRES_URL) wanted.push('postgres');
  if (!env.NIGHTJAR_REDIS_URL) wanted.push('valkey');
  if (!env.NIGHTJAR_NATS_URL) wanted.push('nats');
  if (!env.NIGHTJAR_LIVEKIT_URL) wanted.push('livekit');
  return wanted;
}

/** What an installation has before its services run: their Secrets, roles and streams. */
async function setUp(
  { postgres, redis, nats, livekit }: Servers,
  secrets: Secrets,
  state: State,
): Promise<void> {
  const addresses = {
    postgres: addressOf(postgres.url, DATABASE),
    nats: addressOf(nats.url),
    redis: addressOf(redis.url),
  };
  await secrets.write(addresses, livekit.apiKey);
  await setUpPostgres({
    adminUrl: postgres.url,
    database: DATABASE,
    passwordOf: (role) => secrets.value(`postgres-password-${role}`),
    log: silentLog,
  });
  // How many copies somebody else's NATS keeps is not ours to say: there services make what is missing.
  if (secrets.values['nats-url'] !== undefined) return;
  await setUpStreams(await readFile(secrets.file('setup', 'nats-url'), 'utf8'), 1, silentLog);
  // For people: no program of ours is that user.
  await writeFile(path.join(state.secrets, 'nats-admin-url'), nats.url, { mode: 0o600 });
}

function surroundings(servers: Servers, secrets: Secrets, urlOf: Surroundings['urlOf']): Surroundings {
  const livekit = new URL(servers.livekit.url);
  const over = (plain: string, secure: string) => {
    const url = new URL(livekit);
    url.protocol = /^(https|wss):$/.test(livekit.protocol) ? secure : plain;
    return url.href.replace(/\/$/, '');
  };
  return {
    livekit: {
      httpUrl: over('http:', 'https:'),
      wsUrl: over('ws:', 'wss:'),
      key: servers.livekit.apiKey,
    },
    geoipFile: bundledGeoipFile(),
    urlOf,
    secretOf: secrets.file,
  };
}

async function writeEndpoints(file: string, endpoints: Endpoints): Promise<void> {
  // Others read it while we write.
  await writeFile(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
