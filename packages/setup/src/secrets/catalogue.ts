import { randomBytes } from 'node:crypto';
import { NATS_USERS, type NatsUser } from '@nightjar/contracts/nats-permissions';
import { type RoleName, SCHEMA_ROLES } from '@nightjar/database/schema-roles';
import { makePolicyKeys, parsePolicySigner, publicLineOf } from '@nightjar/fence/node/policy-keys';
import { parsePolicyKeyRing } from '@nightjar/fence/policy-key-ring';
import { factsPublicLineOf, makeFactsKeys } from '@nightjar/kit/facts-keys';
import { factsKeys } from '@nightjar/kit/signed-facts';
import { fromBase64Url, toBase64Url } from '@nightjar/sealed/base64url';
import { exportSigningSeed, generateSigningKeyPair, KEY_BYTES } from '@nightjar/sealed/keys';
import { parseSealKeys, rotateSealKeys } from '@nightjar/sealed/node/seal-keys';
import { makeSenderKeys, parseSenderKeys } from '@nightjar/sealed/node/sender-keys';
import { LIVEKIT_SECRET_CHARS_MIN, PASSWORD_BYTES } from '../limits.ts';

export type EntryName =
  | 'postgres-superuser-password'
  | 'postgres-admin-url'
  | `postgres-password-${RoleName}`
  | `nats-password-${NatsUser}`
  | 'nats-url'
  | 'redis-password'
  | 'redis-url'
  | 'livekit-secret'
  | 'signing-seal-key'
  | 'pseudonym-key'
  | 'fence-key'
  | 'fence-public-keys'
  | 'edge-key'
  | 'edge-public-keys'
  | 'seal-keys'
  | 'sender-keys'
  | 'demo-device-key';

/** Entries by name. One that can only be given may be missing. */
export type Values = Readonly<Partial<Record<EntryName, string>>>;

/** How one entry of the vault comes to be. */
export interface Entry {
  /** Makes a new value, once in an installation's life. Without it the entry is there only where an operator gives it. */
  readonly make?: (nowMs: number) => string | Promise<string>;
  /** The entry that it is the public half of, and how. */
  readonly publicHalf?: { readonly of: EntryName; line(privateFile: string): string };
  /** What is wrong with a value, in words without anything of it. */
  fault(value: string): string | undefined;
}

const PASSWORD: Entry = {
  make: () => randomBytes(PASSWORD_BYTES).toString('base64url'),
  // It stands in URLs and in the configuration files of four servers, each with quotes of its own.
  fault: (value) =>
    /^[A-Za-z0-9._~!*()+,:;=@/-]{8,256}$/.test(value)
      ? undefined
      : 'must be 8 to 256 letters, digits, or characters of ._~!*()+,:;=@/-',
};

const LIVEKIT_SECRET: Entry = {
  ...PASSWORD,
  fault: (value) =>
    value.length < LIVEKIT_SECRET_CHARS_MIN
      ? `must have at least ${LIVEKIT_SECRET_CHARS_MIN} characters`
      : PASSWORD.fault(value),
};

const KEY: Entry = {
  make: () => randomBytes(KEY_BYTES).toString('base64'),
  fault: (value) => (/^[A-Za-z0-9+/_-]{43}=?$/.test(value) ? undefined : 'must be 32 random bytes in base64'),
};

// On further lines are former ones, which open what was sealed before.
const KEYS: Entry = {
  ...KEY,
  fault: (value) =>
    value.split(/\s+/).every((line) => KEY.fault(line) === undefined)
      ? undefined
      : 'must be 32 random bytes in base64; former ones on further lines',
};

const SEAL_KEYS: Entry = {
  make: async () => `${JSON.stringify(await rotateSealKeys())}\n`,
  fault: (value) => (parseSealKeys(value) ? undefined : "must be a file that payments' keygen made"),
};

const SENDER_KEYS: Entry = {
  make: makeSenderKeys,
  fault: (value) => (parseSenderKeys(value) ? undefined : "must be a file that events' keygen made"),
};

const FENCE_KEY: Entry = {
  make: (nowMs) => makePolicyKeys(nowMs).privateFile,
  fault: holds("must be a private file that geofence's keygen made", parsePolicySigner),
};

const FENCE_PUBLIC_KEYS: Entry = {
  publicHalf: { of: 'fence-key', line: publicLineOf },
  fault: holds("must be a public file that geofence's keygen made", parsePolicyKeyRing),
};

const EDGE_KEY: Entry = {
  make: (nowMs) => makeFactsKeys(nowMs).privateFile,
  fault: holds("must be a private file that the edge's keygen made", factsPublicLineOf),
};

const EDGE_PUBLIC_KEYS: Entry = {
  publicHalf: { of: 'edge-key', line: factsPublicLineOf },
  fault: holds("must be a public file that the edge's keygen made", factsKeys),
};

const DEVICE_KEY: Entry = {
  // What @nightjar/client/node/key-files reads.
  async make() {
    const { privateKey } = await generateSigningKeyPair({ extractable: true });
    return `${toBase64Url(await exportSigningSeed(privateKey))}\n`;
  },
  fault: holds('must be an Ed25519 seed, 32 bytes in base64url', (value) => {
    if (fromBase64Url(value.trim()).length !== KEY_BYTES) throw new RangeError('not a seed');
  }),
};

/** Everything that is secret in an installation, by the name under which it is kept and may be given. */
export const CATALOGUE: Readonly<Record<EntryName, Entry>> = {
  'postgres-superuser-password': PASSWORD,
  'postgres-admin-url': { fault: url('postgres', 'postgresql') },
  ...named(
    'postgres-password',
    SCHEMA_ROLES.map(({ role }) => role),
    PASSWORD,
  ),
  ...named('nats-password', NATS_USERS, PASSWORD),
  'nats-url': { fault: url('nats', 'tls') },
  'redis-password': PASSWORD,
  'redis-url': { fault: url('redis', 'rediss') },
  'livekit-secret': LIVEKIT_SECRET,
  'signing-seal-key': KEYS,
  'pseudonym-key': KEY,
  'fence-key': FENCE_KEY,
  'fence-public-keys': FENCE_PUBLIC_KEYS,
  'edge-key': EDGE_KEY,
  'edge-public-keys': EDGE_PUBLIC_KEYS,
  'seal-keys': SEAL_KEYS,
  'sender-keys': SENDER_KEYS,
  'demo-device-key': DEVICE_KEY,
};

export const ENTRY_NAMES = Object.keys(CATALOGUE) as readonly EntryName[];

export function isEntryName(name: string): name is EntryName {
  return Object.hasOwn(CATALOGUE, name);
}

function named<Kind extends string, Name extends string>(
  kind: Kind,
  names: readonly Name[],
  entry: Entry,
): Record<`${Kind}-${Name}`, Entry> {
  return Object.fromEntries(names.map((name) => [`${kind}-${name}`, entry])) as Record<
    `${Kind}-${Name}`,
    Entry
  >;
}

function holds(words: string, read: (value: string) => unknown): Entry['fault'] {
  return (value) => {
    try {
      read(value);
      return undefined;
    } catch {
      return words;
    }
  };
}

function url(...protocols: string[]): Entry['fault'] {
  return (value) =>
    protocols.includes(URL.parse(value)?.protocol.slice(0, -1) ?? '')
      ? undefined
      : `must be a URL, ${protocols.map((protocol) => `${protocol}://…`).join(' or ')}`;
}
