import { existsSync } from 'node:fs';
import path from 'node:path';
import type { PortName } from './port-table.ts';
import { root } from './root.ts';
import { randomKey, type Secrets } from './secrets.ts';

export type ServiceName = 'edge' | 'web' | 'auth' | 'rooms' | 'payments' | 'events' | 'geofence';

/** What a row may name in its environment. */
export interface Surroundings {
  readonly livekit: {
    readonly httpUrl: string;
    readonly wsUrl: string;
    readonly key: string;
    readonly secretFile: string;
  };
  readonly geoipFile: string;
  /** Where a service's first instance answers; undefined for one that does not run here. */
  urlOf(service: ServiceName): string | undefined;
  /** The file that holds a secret. */
  secret(name: string): string;
  /** The file with the URL of the role that owns a schema. */
  postgresUrlFile(schema: string): string;
  /** The file with the URL that a service signs in to NATS with. */
  natsUrlFile(service: ServiceName): string;
  readonly redisUrlFile: string;
}

export interface SecretTools {
  readonly secrets: Secrets;
  /** What a service's own `keygen` prints. */
  keygen(...args: string[]): Promise<string>;
}

export interface ServiceRow {
  readonly name: ServiceName;
  /** One for each instance that may run; the first is the one that others are told of. */
  readonly ports: readonly { readonly http: PortName; readonly internal: PortName }[];
  /** Those that must be ready before it starts. */
  readonly after: readonly ServiceName[];
  /** The edge and web are on no bus. */
  readonly onBus?: false;
  /** Web asks nobody where a client is. */
  readonly readsHops?: false;
  /** Makes the secrets that are not there yet. */
  makeSecrets?(tools: SecretTools): Promise<void>;
  /** Its own settings, beside those that every service has. */
  env(around: Surroundings): Readonly<Record<string, string>>;
}

/** Stands for a service that is not started here: nothing ever listens there. */
const NOWHERE = 'http://127.0.0.1:9';

export const SERVICES: readonly ServiceRow[] = [
  {
    name: 'edge',
    ports: [
      { http: 'edge', internal: 'edge_internal' },
      { http: 'edge_2', internal: 'edge_2_internal' },
    ],
    after: [],
    onBus: false,
    async makeSecrets({ secrets, keygen }) {
      if (await secrets.has('edge-public-keys')) return;
      await secrets.forget('edge-key');
      await keygen(secrets.file('edge-key'), secrets.file('edge-public-keys'));
    },
    env: ({ urlOf, livekit, secret }) => ({
      NIGHTJAR_EDGE_KEY_FILE: secret('edge-key'),
      NIGHTJAR_FENCE_PUBLIC_KEYS_FILE: secret('fence-public-keys'),
      NIGHTJAR_AUTH_URL: urlOf('auth') ?? NOWHERE,
      NIGHTJAR_ROOMS_URL: urlOf('rooms') ?? NOWHERE,
      NIGHTJAR_PAYMENTS_URL: urlOf('payments') ?? NOWHERE,
      NIGHTJAR_EVENTS_URL: urlOf('events') ?? NOWHERE,
      NIGHTJAR_GEOFENCE_URL: urlOf('geofence') ?? NOWHERE,
      NIGHTJAR_LIVEKIT_URL: livekit.httpUrl,
      NIGHTJAR_WEB_URL: urlOf('web') ?? NOWHERE,
    }),
  },
  {
    name: 'web',
    ports: [{ http: 'web', internal: 'web_internal' }],
    after: [],
    onBus: false,
    readsHops: false,
    env: () => ({}),
  },
  {
    name: 'auth',
    ports: [{ http: 'auth', internal: 'auth_internal' }],
    after: [],
    async makeSecrets({ secrets }) {
      await secrets.once('signing-seal-key', randomKey);
      await secrets.once('pseudonym-key', randomKey);
    },
    env: ({ postgresUrlFile, secret }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: postgresUrlFile('auth'),
      NIGHTJAR_SIGNING_SEAL_KEY_FILE: secret('signing-seal-key'),
      NIGHTJAR_PSEUDONYM_KEY_FILE: secret('pseudonym-key'),
    }),
  },
  {
    name: 'geofence',
    ports: [{ http: 'geofence', internal: 'geofence_internal' }],
    after: [],
    async makeSecrets({ secrets, keygen }) {
      if (await secrets.has('fence-public-keys')) return;
      // It overwrites no private key, and one without its public half is of no use.
      await secrets.forget('fence-key');
      await keygen(secrets.file('fence-key'), secrets.file('fence-public-keys'));
    },
    env: ({ postgresUrlFile, secret }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: postgresUrlFile('geofence'),
      NIGHTJAR_FENCE_KEY_FILE: secret('fence-key'),
    }),
  },
  {
    name: 'payments',
    ports: [{ http: 'payments', internal: 'payments_internal' }],
    after: [],
    async makeSecrets({ secrets, keygen }) {
      await secrets.once('seal-keys', keygen);
    },
    env: ({ postgresUrlFile, secret }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: postgresUrlFile('ledger'),
      NIGHTJAR_BILLING_POSTGRES_URL_FILE: postgresUrlFile('billing'),
      NIGHTJAR_SEAL_KEYS_FILE: secret('seal-keys'),
    }),
  },
  {
    name: 'rooms',
    ports: [{ http: 'rooms', internal: 'rooms_internal' }],
    after: [],
    env: ({ postgresUrlFile, secret, livekit, geoipFile, urlOf }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: postgresUrlFile('rooms'),
      NIGHTJAR_LIVEKIT_URL: livekit.httpUrl,
      // Past the gate, where there is one.
      NIGHTJAR_LIVEKIT_PUBLIC_URL: urlOf('edge')?.replace(/^http/, 'ws') ?? livekit.wsUrl,
      NIGHTJAR_LIVEKIT_KEY: livekit.key,
      NIGHTJAR_LIVEKIT_SECRET_FILE: livekit.secretFile,
      NIGHTJAR_GEOIP_FILE: geoipFile,
      NIGHTJAR_FENCE_PUBLIC_KEYS_FILE: secret('fence-public-keys'),
    }),
  },
  {
    name: 'events',
    ports: [
      { http: 'events', internal: 'events_internal' },
      { http: 'events_2', internal: 'events_2_internal' },
    ],
    after: [],
    async makeSecrets({ secrets, keygen }) {
      await secrets.once('sender-keys', keygen);
    },
    env: ({ secret, redisUrlFile, geoipFile }) => ({
      NIGHTJAR_REDIS_URL_FILE: redisUrlFile,
      NIGHTJAR_GEOIP_FILE: geoipFile,
      NIGHTJAR_FENCE_PUBLIC_KEYS_FILE: secret('fence-public-keys'),
      NIGHTJAR_SENDER_KEYS_FILE: secret('sender-keys'),
    }),
  },
];

/** Settings of every service. */
export function commonEnv(
  { name, onBus, readsHops }: Pick<ServiceRow, 'name' | 'onBus' | 'readsHops'>,
  listen: { http: number; internal: number },
  { natsUrlFile, urlOf, secret }: Surroundings,
  given: NodeJS.ProcessEnv,
): Record<string, string> {
  const behindEdge = {
    NIGHTJAR_NATS_URL_FILE: natsUrlFile(name),
    NIGHTJAR_EDGE_PUBLIC_KEYS_FILE: urlOf('edge') ? secret('edge-public-keys') : '',
  };
  return {
    ...(onBus === false ? {} : behindEdge),
    NIGHTJAR_HTTP_LISTEN: `127.0.0.1:${listen.http}`,
    NIGHTJAR_INTERNAL_LISTEN: `127.0.0.1:${listen.internal}`,
    NIGHTJAR_LOG_LEVEL: given.NIGHTJAR_LOG_LEVEL ?? 'info',
    NIGHTJAR_OTLP_URL: given.NIGHTJAR_OTLP_URL ?? '',
    ...(readsHops === false ? {} : { NIGHTJAR_TRUSTED_HOPS: given.NIGHTJAR_TRUSTED_HOPS ?? '' }),
  };
}

export function serviceFolder(name: ServiceName): string {
  return path.join(root, 'services', name);
}

/** Services in the order in which they may start: those of one group at the same time. */
export function startOrder(rows: readonly ServiceRow[]): ServiceRow[][] {
  const groups: ServiceRow[][] = [];
  const started = new Set<ServiceName>();
  const wanted = new Set(rows.map(({ name }) => name));
  let left = [...rows];
  while (left.length > 0) {
    const group = left.filter(({ after }) => after.every((name) => started.has(name) || !wanted.has(name)));
    if (group.length === 0)
      throw new Error(`services wait for each other: ${left.map(({ name }) => name).join(', ')}`);
    for (const { name } of group) started.add(name);
    groups.push(group);
    left = left.filter((row) => !group.includes(row));
  }
  return groups;
}

export function builtFile(name: ServiceName, file: 'main' | 'migrate' | 'keygen' | 'operator'): string {
  return path.join(serviceFolder(name), 'dist', `${file}.js`);
}

export function hasMigrations(name: ServiceName): boolean {
  return existsSync(builtFile(name, 'migrate'));
}
