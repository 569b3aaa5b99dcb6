import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { keyFiles } from '@nightjar/client/node/key-files';
import { toBase64Url } from '@nightjar/sealed/base64url';
import fc from 'fast-check';
import { FORMER_MARKS_MAX } from '../limits.ts';
import { CATALOGUE, ENTRY_NAMES, type EntryName, type Values } from './catalogue.ts';
import { deriveSecrets, type Installation, withFormerMarks } from './derive.ts';

const INSTALLATION: Installation = {
  prefix: 'nj',
  servers: {
    postgres: 'postgres://db.example:5432/nightjar?sslmode=verify-full',
    nats: 'nats://nats.example:4222',
    redis: 'redis://redis.example:6379',
  },
  livekit: { keyName: 'nightjar', namespace: 'media' },
};

async function made(): Promise<Values> {
  const values: Partial<Record<EntryName, string>> = {};
  for (const name of ENTRY_NAMES) {
    const { make, publicHalf } = CATALOGUE[name];
    if (make) values[name] = await make(0);
    if (publicHalf) values[name] = publicHalf.line(values[publicHalf.of] ?? '');
  }
  return values;
}

const inSecrets = (values: Values, installation = INSTALLATION) =>
  Object.fromEntries(
    deriveSecrets(values, installation).map(({ ref, data }) => [
      `${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`,
      data,
    ]),
  );

test('each program gets the files that it reads, and no other', async () => {
  const secrets = inSecrets(await made());
  expect(
    Object.fromEntries(Object.entries(secrets).map(([name, data]) => [name, Object.keys(data).sort()])),
  ).toEqual({
    'nj-auth': ['edge-public-keys', 'nats-url', 'postgres-url', 'pseudonym-key', 'signing-seal-key'],
    'nj-rooms': ['edge-public-keys', 'fence-public-keys', 'livekit-secret', 'nats-url', 'postgres-url'],
    'nj-payments': ['billing-postgres-url', 'edge-public-keys', 'nats-url', 'postgres-url', 'seal-keys'],
    'nj-events': ['edge-public-keys', 'fence-public-keys', 'nats-url', 'redis-url', 'sender-keys'],
    'nj-geofence': ['edge-public-keys', 'fence-key', 'nats-url', 'postgres-url'],
    'nj-edge': ['edge-key', 'fence-public-keys'],
    'nj-setup': [
      'nats-url',
      'postgres-admin-url',
      'postgres-database',
      'postgres-password-auth',
      'postgres-password-billing',
      'postgres-password-geofence',
      'postgres-password-ledger',
      'postgres-password-rooms',
    ],
    'nj-demo': ['device.key', 'public-key'],
    'nj-postgres': ['superuser-password'],
    'nj-nats': ['passwords.conf'],
    'nj-valkey': ['password.conf'],
    'media/nj-livekit': ['keys.yaml'],
  });
});

test('a password is in the hands of those who sign in with it, and of who checks it', async () => {
  const values = await made();
  const secrets = inSecrets(values);
  const holders = (name: EntryName) =>
    Object.entries(secrets)
      .filter(([, data]) => Object.values(data).some((text) => text.includes((values[name] ?? '').trim())))
      .map(([secret]) => secret)
      .sort();
  expect(holders('postgres-password-ledger')).toEqual(['nj-payments', 'nj-setup']);
  expect(holders('nats-password-events')).toEqual(['nj-events', 'nj-nats']);
  expect(holders('nats-password-setup')).toEqual(['nj-nats', 'nj-setup']);
  expect(holders('redis-password')).toEqual(['nj-events', 'nj-valkey']);
  expect(holders('livekit-secret')).toEqual(['media/nj-livekit', 'nj-rooms']);
  expect(holders('fence-key')).toEqual(['nj-geofence']);
  expect(holders('edge-key')).toEqual(['nj-edge']);
  expect(holders('seal-keys')).toEqual(['nj-payments']);
  expect(holders('sender-keys')).toEqual(['nj-events']);
});

test('another host changes the URLs and nothing else', async () => {
  const values = await made();
  const before = inSecrets(values);
  const after = inSecrets(values, {
    ...INSTALLATION,
    servers: { ...INSTALLATION.servers, nats: 'tls://other.example:4443' },
  });
  const changed = Object.entries(after).flatMap(([name, data]) =>
    Object.keys(data)
      .filter((key) => data[key] !== before[name]?.[key])
      .map((key) => `${name}/${key}`),
  );
  expect(changed.sort()).toEqual(
    ['auth', 'events', 'geofence', 'payments', 'rooms', 'setup'].map((name) => `nj-${name}/nats-url`),
  );
});

test('a password that may be given arrives whole, in every URL and every file', async () => {
  const values = await made();
  const password = fc.stringMatching(/^[A-Za-z0-9._~!*()+,:;=@/-]{32,40}$/);
  fc.assert(
    fc.property(password, (given) => {
      for (const name of ENTRY_NAMES.filter((each) => each.includes('password') || each === 'livekit-secret'))
        expect(CATALOGUE[name].fault(given)).toBeUndefined();
      const secrets = inSecrets({
        ...values,
        'postgres-password-rooms': given,
        'nats-password-rooms': given,
        'redis-password': given,
        'livekit-secret': given,
      });
      const passwordIn = (text = '') => decodeURIComponent(new URL(text).password);
      expect(passwordIn(secrets['nj-rooms']?.['postgres-url'])).toBe(given);
      expect(passwordIn(secrets['nj-rooms']?.['nats-url'])).toBe(given);
      expect(passwordIn(secrets['nj-events']?.['redis-url'])).toBe(given);
      expect(new URL(secrets['nj-rooms']?.['postgres-url'] ?? '').search).toBe('?sslmode=verify-full');
      expect(secrets['nj-nats']?.['passwords.conf']).toContain(`rooms_password: "${given}"\n`);
      expect(secrets['nj-valkey']?.['password.conf']).toBe(`requirepass "${given}"\n`);
      expect(secrets['media/nj-livekit']?.['keys.yaml']).toBe(`"nightjar": "${given}"\n`);
    }),
  );
});

test('URLs that are given are taken as they are', async () => {
  const values = {
    ...(await made()),
    'postgres-admin-url': 'postgres://root:x@direct.example/defaultdb',
    'redis-url': 'rediss://user:x@cache.example:6380/2',
    'nats-url': 'tls://one:x@nats.example:4222',
  };
  const secrets = inSecrets(values, {
    ...INSTALLATION,
    servers: { ...INSTALLATION.servers, redis: '' },
    livekit: { keyName: 'nightjar', namespace: undefined },
  });
  expect(secrets['nj-setup']?.['postgres-admin-url']).toBe(values['postgres-admin-url']);
  expect(secrets['nj-setup']?.['postgres-database']).toBe('nightjar');
  expect(secrets['nj-events']?.['redis-url']).toBe(values['redis-url']);
  for (const name of ['auth', 'setup']) expect(secrets[`nj-${name}`]?.['nats-url']).toBe(values['nats-url']);
  expect(secrets).not.toHaveProperty('media/nj-livekit');
  const { 'redis-url': _, ...rest } = values;
  expect(() => inSecrets(rest, { ...INSTALLATION, servers: { ...INSTALLATION.servers, redis: '' } })).toThrow(
    'set NIGHTJAR_REDIS_SERVER, or give redis-url',
  );
});

test('a Secret says for what it was made, so that a pod can wait for the one that it needs', async () => {
  const values = await made();
  const before = inSecrets(values);
  for (const [name, data] of Object.entries(inSecrets(values, { ...INSTALLATION, sum: 'abc123' })))
    expect(data).toEqual({ ...before[name], 'made-for-abc123': '' });
});

test('what pods of the revision before wait for stays while all that they read is as it was, and goes when it is not', () => {
  const held = { 'nats-url': 'a', 'made-for-1': '', 'made-for-0': '' };
  const next = { 'nats-url': 'a', 'made-for-2': '' };
  expect(withFormerMarks(next, held)).toEqual({ ...held, ...next });
  expect(withFormerMarks({ ...next, 'redis-url': 'new' }, held)).toEqual({
    ...held,
    ...next,
    'redis-url': 'new',
  });
  const moved = { 'nats-url': 'b', 'made-for-2': '' };
  expect(withFormerMarks(moved, held)).toEqual(moved);
  const less = { 'made-for-2': '' };
  expect(withFormerMarks(less, held)).toEqual(less);
  const many = Object.fromEntries(Array.from({ length: FORMER_MARKS_MAX }, (_, i) => [`made-for-${i}`, '']));
  expect(withFormerMarks(next, { 'nats-url': 'a', ...many })).toEqual(next);
});

test("the demo's program reads its key, and the public one is that key's", async () => {
  const { 'nj-demo': demo } = inSecrets(await made());
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-demo-'));
  try {
    await writeFile(path.join(folder, 'device.key'), demo?.['device.key'] ?? '');
    const { publicKey } = await keyFiles(folder).key('device');
    expect(toBase64Url(publicKey)).toBe(demo?.['public-key']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
