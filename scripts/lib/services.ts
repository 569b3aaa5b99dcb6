import { existsSync } from 'node:fs';
import path from 'node:path';
import type { PortName } from './port-table.ts';
import { root } from './root.ts';

export type ServiceName = 'edge' | 'web' | 'auth' | 'rooms' | 'payments' | 'events' | 'geofence';

/** What a row may name in its environment. */
export interface Surroundings {
  readonly livekit: {
    readonly httpUrl: string;
    readonly wsUrl: string;
    readonly key: string;
  };
  readonly geoipFile: string;
  /** Where a service's first instance answers; undefined for one that does not run here. */
  urlOf(service: ServiceName): string | undefined;
  /** The file with a key of somebody's Secret. */
  secretOf(of: string, key: string): string;
}

/** What a row may name: all that is around, and what is in its own Secret. */
export interface RowSurroundings extends Surroundings {
  /** The file with a key of its Secret, which has the same names everywhere. */
  secret(key: string): string;
}

export interface ServiceRow {
  readonly name: ServiceName;
  /** One for each instance that may run; the first is the one that others are told of. */
  readonly ports: readonly { readonly http: PortName; readonly internal: PortName }[];
  /** The edge and web are on no bus. */
  readonly onBus?: false;
  /** Web asks nobody where a client is. */
  readonly readsHops?: false;
  /** Its own settings, beside those that every service has. */
  env(around: RowSurroundings): Readonly<Record<string, string>>;
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
    onBus: false,
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
    onBus: false,
    readsHops: false,
    env: () => ({}),
  },
  {
    name: 'auth',
    ports: [{ http: 'auth', internal: 'auth_internal' }],
    env: ({ secret }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: secret('postgres-url'),
      NIGHTJAR_SIGNING_SEAL_KEY_FILE: secret('signing-seal-key'),
      NIGHTJAR_PSEUDONYM_KEY_FILE: secret('pseudonym-key'),
    }),
  },
  {
    name: 'geofence',
    ports: [{ http: 'geofence', internal: 'geofence_internal' }],
    env: ({ secret }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: secret('postgres-url'),
      NIGHTJAR_FENCE_KEY_FILE: secret('fence-key'),
    }),
  },
  {
    name: 'payments',
    ports: [{ http: 'payments', internal: 'payments_internal' }],
    env: ({ secret }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: secret('postgres-url'),
      NIGHTJAR_BILLING_POSTGRES_URL_FILE: secret('billing-postgres-url'),
      NIGHTJAR_SEAL_KEYS_FILE: secret('seal-keys'),
    }),
  },
  {
    name: 'rooms',
    ports: [{ http: 'rooms', internal: 'rooms_internal' }],
    env: ({ secret, livekit, geoipFile, urlOf }) => ({
      NIGHTJAR_POSTGRES_URL_FILE: secret('postgres-url'),
      NIGHTJAR_LIVEKIT_URL: livekit.httpUrl,
      // Past the gate, where there is one.
      NIGHTJAR_LIVEKIT_PUBLIC_URL: urlOf('edge')?.replace(/^http/, 'ws') ?? livekit.wsUrl,
      NIGHTJAR_LIVEKIT_KEY: livekit.key,
      NIGHTJAR_LIVEKIT_SECRET_FILE: secret('livekit-secret'),
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
    env: ({ secret, geoipFile }) => ({
      NIGHTJAR_REDIS_URL_FILE: secret('redis-url'),
      NIGHTJAR_GEOIP_FILE: geoipFile,
      NIGHTJAR_FENCE_PUBLIC_KEYS_FILE: secret('fence-public-keys'),
      NIGHTJAR_SENDER_KEYS_FILE: secret('sender-keys'),
    }),
  },
];

/** Settings of every service. */
export function commonEnv(
  { onBus, readsHops }: Pick<ServiceRow, 'onBus' | 'readsHops'>,
  listen: { http: number; internal: number },
  { urlOf, secret }: RowSurroundings,
  given: NodeJS.ProcessEnv,
): Record<string, string> {
  const behindEdge = {
    NIGHTJAR_NATS_URL_FILE: secret('nats-url'),
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

export function builtFile(name: ServiceName, file: 'main' | 'migrate' | 'operator'): string {
  return path.join(serviceFolder(name), 'dist', `${file}.js`);
}

export function hasMigrations(name: ServiceName): boolean {
  return existsSync(builtFile(name, 'migrate'));
}
