import { NATS_USERS, type NatsUser } from '@nightjar/contracts/nats-permissions';
import { SCHEMA_ROLES } from '@nightjar/database/schema-roles';
import { FORMER_MARKS_MAX } from '../limits.ts';
import { SetupError } from '../setup-error.ts';
import type { EntryName, Values } from './catalogue.ts';
import { publicKeyOfSeed } from './device-key.ts';
import type { SecretData, SecretRef } from './store.ts';

/** Where the servers are, without anybody's name or password. */
export interface ServerAddresses {
  /** `postgres://host:port/database?params` */
  readonly postgres: string;
  /** `nats://host:port`, or `tls://` */
  readonly nats: string;
  /** `redis://host:port`, or `rediss://`; empty where the whole URL is given. */
  readonly redis: string;
}

export interface Installation {
  /** How the names of its Secrets begin. */
  readonly prefix: string;
  readonly servers: ServerAddresses;
  readonly livekit: {
    readonly keyName: string;
    /** Where LiveKit is, if it is another namespace; undefined: it needs no Secret of us. */
    readonly namespace: string | undefined;
  };
  /** A sum of all that these Secrets are made from, as whoever mounts them knows it; undefined: nobody waits for one. */
  readonly sum?: string | undefined;
}

/** A key of this name says that a Secret was made for that sum: a pod that asks for it waits until the Secret has it. */
export function madeForKey(sum: string): string {
  return `${MARK}${sum}`;
}

const MARK = 'made-for-';

/**
 * A Secret's data, with the marks of former sums for as long as all that they vouched for is as it was: pods of the
 * revision before can then start again, while an update is on its way or after a rollback, and read what they read before.
 */
export function withFormerMarks(data: SecretData, held: SecretData): SecretData {
  const entries = Object.entries(held);
  const marks = entries.filter(([key]) => key.startsWith(MARK));
  const isAsItWas = entries.every(([key, value]) => key.startsWith(MARK) || data[key] === value);
  if (!isAsItWas || marks.length >= FORMER_MARKS_MAX) return data;
  return { ...Object.fromEntries(marks), ...data };
}

export interface DerivedSecret {
  readonly ref: SecretRef;
  readonly data: SecretData;
}

/** Where everything that was made lies. */
export function vaultRef({ prefix }: Pick<Installation, 'prefix'>): SecretRef {
  return { name: `${prefix}-generated` };
}

/**
 * Every Secret of an installation, out of what the vault has and where the servers are: the same each time. Each program
 * gets what it needs, under the names of the files that it reads, and nothing else.
 */
export function deriveSecrets(values: Values, installation: Installation): DerivedSecret[] {
  const { prefix, servers, livekit } = installation;
  const get = (name: EntryName): string => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`the vault has no ${name}`);
    return value;
  };
  const postgresUrl = (role: (typeof SCHEMA_ROLES)[number]['role']) =>
    signedIn(servers.postgres, role, get(`postgres-password-${role}`));
  // One URL for all, where that NATS has no users of ours.
  const natsUrl = (user: NatsUser) =>
    values['nats-url'] ?? signedIn(servers.nats, user, get(`nats-password-${user}`));
  const redisUrl = values['redis-url'] ?? signedIn(redisServer(servers), '', get('redis-password'));
  const adminUrl =
    values['postgres-admin-url'] ?? superuserUrl(servers.postgres, get('postgres-superuser-password'));
  const edgeKeys = { 'edge-public-keys': get('edge-public-keys') };
  const fenceKeys = { 'fence-public-keys': get('fence-public-keys') };
  const mark = installation.sum === undefined ? {} : { [madeForKey(installation.sum)]: '' };
  const own = (name: string, data: SecretData, namespace?: string): DerivedSecret => ({
    ref: { name: `${prefix}-${name}`, ...(namespace === undefined ? {} : { namespace }) },
    data: { ...data, ...mark },
  });
  return [
    own('auth', {
      'postgres-url': postgresUrl('auth'),
      'nats-url': natsUrl('auth'),
      'signing-seal-key': get('signing-seal-key'),
      'pseudonym-key': get('pseudonym-key'),
      ...edgeKeys,
    }),
    own('rooms', {
      'postgres-url': postgresUrl('rooms'),
      'nats-url': natsUrl('rooms'),
      'livekit-secret': get('livekit-secret'),
      ...fenceKeys,
      ...edgeKeys,
    }),
    own('payments', {
      'postgres-url': postgresUrl('ledger'),
      'billing-postgres-url': postgresUrl('billing'),
      'nats-url': natsUrl('payments'),
      'seal-keys': get('seal-keys'),
      ...edgeKeys,
    }),
    own('events', {
      'nats-url': natsUrl('events'),
      'redis-url': redisUrl,
      'sender-keys': get('sender-keys'),
      ...fenceKeys,
      ...edgeKeys,
    }),
    own('geofence', {
      'postgres-url': postgresUrl('geofence'),
      'nats-url': natsUrl('geofence'),
      'fence-key': get('fence-key'),
      ...edgeKeys,
    }),
    own('edge', { 'edge-key': get('edge-key'), ...fenceKeys }),
    own('setup', {
      'postgres-admin-url': adminUrl,
      'postgres-database': databaseOf(servers.postgres),
      'nats-url': natsUrl('setup'),
      ...Object.fromEntries(
        SCHEMA_ROLES.map(({ role }) => [`postgres-password-${role}`, get(`postgres-password-${role}`)]),
      ),
    }),
    own('demo', {
      'device.key': get('demo-device-key'),
      'public-key': publicKeyOfSeed(get('demo-device-key')),
    }),
    own('postgres', { 'superuser-password': get('postgres-superuser-password') }),
    own('nats', {
      'passwords.conf': NATS_USERS.map(
        (user) => `${user}_password: "${get(`nats-password-${user}`)}"\n`,
      ).join(''),
    }),
    own('valkey', { 'password.conf': `requirepass "${get('redis-password')}"\n` }),
    ...(livekit.namespace === undefined
      ? []
      : [
          own(
            'livekit',
            {
              // JSON's texts are YAML's.
              'keys.yaml': `${JSON.stringify(livekit.keyName)}: ${JSON.stringify(get('livekit-secret'))}\n`,
            },
            livekit.namespace,
          ),
        ]),
  ];
}

/** A server's address with a name and a password in it. */
function signedIn(server: string, user: string, password: string): string {
  const url = new URL(server);
  url.username = user;
  url.password = password;
  return url.href;
}

function redisServer({ redis }: ServerAddresses): string {
  if (redis === '') throw new SetupError('set NIGHTJAR_REDIS_SERVER, or give redis-url');
  return redis;
}

/** In the database that every server has: ours may have to be made first. */
function superuserUrl(server: string, password: string): string {
  const url = new URL(signedIn(server, 'postgres', password));
  url.pathname = '/postgres';
  return url.href;
}

export function databaseOf(postgres: string): string {
  return decodeURIComponent(new URL(postgres).pathname.slice(1));
}
