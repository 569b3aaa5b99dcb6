import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { makePolicyKeys } from '@nightjar/fence/node/policy-keys';
import { type Log, silentLog } from '@nightjar/kit/log';
import { type ControlPlane, startControlPlane } from '@nightjar/testkit/kubernetes/control-plane';
import { freePort } from '@nightjar/testkit/servers/ports';
import { ENTRY_NAMES } from '../src/secrets/catalogue.ts';
import type { Installation } from '../src/secrets/derive.ts';
import { kubernetesApi } from '../src/secrets/kubernetes-api.ts';
import { kubernetesStore } from '../src/secrets/kubernetes-store.ts';
import { makeSecrets } from '../src/secrets/run.ts';

const START_MS = 120_000;
// Each has namespaces of its own, made by kubectl.
jest.setTimeout(60_000);
const LABELS = { 'app.kubernetes.io/instance': 'live', 'app.kubernetes.io/part-of': 'nightjar' };

let plane: ControlPlane;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  plane = stack.use(await startControlPlane());
  await plane.kubectl(['create', 'clusterrole', 'setup', '--verb=get,create,patch', '--resource=secrets']);
}, START_MS);
afterAll(() => stack.disposeAsync());

let live: string;
let media: string;
let folder: string;
let tests = 0;
/** Two namespaces of the test's own, and a pod's service account, which may write Secrets in both. */
beforeEach(async () => {
  tests += 1;
  [live, media] = [`live-${tests}`, `media-${tests}`];
  for (const namespace of [live, media]) {
    await plane.kubectl(['create', 'namespace', namespace]);
    await plane.kubectl([
      ...['-n', namespace, 'create', 'rolebinding', 'setup', '--clusterrole=setup'],
      `--serviceaccount=${live}:setup`,
    ]);
  }
  await plane.kubectl(['-n', live, 'create', 'serviceaccount', 'setup']);
  const own = await mkdtemp(path.join(tmpdir(), 'nightjar-account-'));
  stack.defer(() => rm(own, { recursive: true }));
  folder = own;
  await copyFile(plane.caFile, path.join(folder, 'ca.crt'));
  await writeFile(path.join(folder, 'namespace'), live);
  await writeFile(path.join(folder, 'token'), await plane.kubectl(['-n', live, 'create', 'token', 'setup']));
});

const inPod = (host = new URL(plane.url).hostname, port = new URL(plane.url).port) => ({
  KUBERNETES_SERVICE_HOST: host,
  KUBERNETES_SERVICE_PORT: port,
});
const apiOf = (options: { awayMsMax?: number; env?: NodeJS.ProcessEnv; log?: Log } = {}) =>
  kubernetesApi(options.env ?? inPod(), options.log ?? silentLog, { folder, ...options });
const storeOf = async () => kubernetesStore(await apiOf(), LABELS);

const installation = (changes: Partial<Installation['servers']> = {}): Installation => ({
  prefix: 'nj',
  servers: {
    postgres: 'postgres://db:5432/nightjar',
    nats: 'nats://nats:4222',
    redis: 'redis://redis:6379',
    ...changes,
  },
  livekit: { keyName: 'nightjar', namespace: media },
});

async function run(wanted = installation()): Promise<void> {
  const store = await storeOf();
  await makeSecrets({ store, given: {}, installation: wanted, nowMs: Date.now(), log: silentLog });
}

interface KubernetesSecret {
  metadata: { name: string; resourceVersion: string; labels?: Record<string, string> };
  data: Record<string, string>;
}
async function secretsIn(namespace: string): Promise<Map<string, KubernetesSecret>> {
  const { items } = JSON.parse(await plane.kubectl(['-n', namespace, 'get', 'secrets', '-o', 'json']));
  return new Map((items as KubernetesSecret[]).map((secret) => [secret.metadata.name, secret]));
}
const text = (secret: KubernetesSecret | undefined, key: string) =>
  Buffer.from(secret?.data[key] ?? '', 'base64').toString();

test('a first run writes every Secret with its labels, in the namespace where its program is', async () => {
  await run();
  const here = await secretsIn(live);
  expect([...here.keys()].sort()).toEqual(
    [
      ...['auth', 'demo', 'edge', 'events', 'generated', 'geofence'],
      ...['nats', 'payments', 'postgres', 'rooms', 'setup', 'valkey'],
    ].map((name) => `nj-${name}`),
  );
  for (const { metadata } of here.values()) expect(metadata.labels).toEqual(LABELS);
  const there = await secretsIn(media);
  expect([...there.keys()]).toEqual(['nj-livekit']);
  expect(text(there.get('nj-livekit'), 'keys.yaml')).toBe(
    `"nightjar": "${text(here.get('nj-rooms'), 'livekit-secret')}"\n`,
  );
});

test('a second run writes nothing; another host changes what is derived, and no value of the vault', async () => {
  await run();
  const first = await secretsIn(live);
  await run();
  expect(await secretsIn(live)).toEqual(first);
  await run(installation({ redis: 'redis://other:6379' }));
  const moved = await secretsIn(live);
  const changed = [...moved].filter(
    ([name, { metadata }]) => metadata.resourceVersion !== first.get(name)?.metadata.resourceVersion,
  );
  expect(changed.map(([name]) => name)).toEqual(['nj-events']);
  expect(text(moved.get('nj-events'), 'redis-url')).toMatch(/@other:6379$/);
});

test('five at once, more of them later: one vault, and every Secret is of it', async () => {
  await Promise.all(Array.from({ length: 5 }, () => run()));
  const first = await secretsIn(live);
  expect(Object.keys(first.get('nj-generated')?.data ?? {}).sort()).toEqual(
    ENTRY_NAMES.filter((name) => !['postgres-admin-url', 'nats-url', 'redis-url'].includes(name)).sort(),
  );
  await Promise.all(Array.from({ length: 5 }, () => run()));
  expect(await secretsIn(live)).toEqual(first);
  const vault = first.get('nj-generated');
  expect(text(first.get('nj-auth'), 'pseudonym-key')).toBe(text(vault, 'pseudonym-key'));
  const [keyId] = text(first.get('nj-geofence'), 'fence-key').split(' ');
  expect(text(first.get('nj-events'), 'fence-public-keys').split(' ')[0]).toBe(keyId);
});

test('what another program adds to the vault at the same time stays, whoever comes first', async () => {
  const stores = await Promise.all(Array.from({ length: 6 }, storeOf));
  await Promise.all(
    stores.map((store, i) => store.add({ name: 'vault' }, { same: `of ${i}`, [`own-${i}`]: `${i}` })),
  );
  const data = (await stores[0]?.read({ name: 'vault' })) ?? {};
  expect(Object.keys(data).sort()).toEqual(['own-0', 'own-1', 'own-2', 'own-3', 'own-4', 'own-5', 'same']);
  await stores[1]?.add({ name: 'vault' }, { same: 'later' });
  expect((await stores[0]?.read({ name: 'vault' }))?.same).toBe(data.same);
});

test('private keys that are exchanged in the vault leave all their public halves there, whoever adds to it meanwhile', async () => {
  await run();
  const publicKeys = async (name: string) =>
    text((await secretsIn(live)).get(name), 'fence-public-keys').trim();
  const lines = [await publicKeys('nj-generated')];
  for (const day of [1, 2]) {
    const { privateFile, publicFile } = makePolicyKeys(day * 86_400_000);
    const stringData = { 'fence-key': privateFile };
    await plane.kubectl([
      ...['-n', live, 'patch', 'secret', 'nj-generated', '-p'],
      JSON.stringify({ stringData }),
    ]);
    lines.push(publicFile.trim());
    await Promise.all([run(), run(), run()]);
    for (const name of ['nj-generated', 'nj-edge']) expect(await publicKeys(name)).toBe(lines.join('\n'));
  }
  const stores = await Promise.all(Array.from({ length: 5 }, storeOf));
  await Promise.all(stores.map((store, i) => store.addLines({ name: 'lines' }, { keys: `of ${i}` })));
  const { keys = '' } = (await stores[0]?.read({ name: 'lines' })) ?? {};
  expect(keys.trim().split('\n').sort()).toEqual(['of 0', 'of 1', 'of 2', 'of 3', 'of 4']);
  const taken = { data: { 'fence-public-keys': Buffer.from(lines.at(-1) ?? '').toString('base64') } };
  await plane.kubectl(['-n', live, 'patch', 'secret', 'nj-generated', '-p', JSON.stringify(taken)]);
  await run();
  for (const name of ['nj-generated', 'nj-edge']) expect(await publicKeys(name)).toBe(lines.at(-1));
});

test('pods of the revision before find what they wait for as long as it would be the same', async () => {
  const marks = async (name: string) =>
    Object.keys((await secretsIn(live)).get(name)?.data ?? {}).filter((key) => key.startsWith('made-for-'));
  await run({ ...installation(), sum: 'a' });
  await run({ ...installation(), sum: 'b' });
  expect(await marks('nj-auth')).toEqual(['made-for-a', 'made-for-b']);
  await run({ ...installation({ nats: 'nats://other:4222' }), sum: 'c' });
  expect(await marks('nj-auth')).toEqual(['made-for-c']);
  expect(await marks('nj-edge')).toEqual(['made-for-a', 'made-for-b', 'made-for-c']);
});

test('a Secret that somebody changed or took away is as it was after the next run', async () => {
  await run();
  const first = await secretsIn(live);
  await plane.kubectl(['-n', live, 'delete', 'secret', 'nj-rooms']);
  await plane.kubectl([
    ...['-n', live, 'patch', 'secret', 'nj-auth', '-p'],
    JSON.stringify({
      stringData: { 'nats-url': 'x', more: 'y' },
      metadata: { labels: { 'app.kubernetes.io/part-of': null, own: 'kept' } },
    }),
  ]);
  await run();
  const after = await secretsIn(live);
  for (const name of ['nj-rooms', 'nj-auth']) expect(after.get(name)?.data).toEqual(first.get(name)?.data);
  expect(after.get('nj-auth')?.metadata.labels).toEqual({ ...LABELS, own: 'kept' });
});

test('without rights it says which are missing and how they come', async () => {
  await plane.kubectl(['-n', media, 'delete', 'rolebinding', 'setup']);
  await expect(run()).rejects.toThrow(
    `the pod's service account may not get the Secret nj-livekit in the namespace ${media} (403). Bind a Role to it`,
  );
  await writeFile(path.join(folder, 'token'), 'not a token');
  await expect(run()).rejects.toThrow("Kubernetes does not know this pod's service account (401");
});

test('a namespace that is not there, and a Secret that may not be changed, are named', async () => {
  await plane.kubectl([
    ...['create', 'clusterrolebinding', live, '--clusterrole=setup'],
    `--serviceaccount=${live}:setup`,
  ]);
  await expect(
    run({ ...installation(), livekit: { keyName: 'nightjar', namespace: 'nowhere' } }),
  ).rejects.toThrow('there is no namespace nowhere: make it, or name another');
  await plane.kubectl(['-n', live, 'patch', 'secret', 'nj-nats', '-p', '{"immutable":true}']);
  const { data } = (await secretsIn(live)).get('nj-nats') ?? { data: {} };
  const store = await storeOf();
  const failure = await store.put({ name: 'nj-nats' }, () => ({ 'passwords.conf': 'hush' })).catch(String);
  expect(failure).toContain('Kubernetes refuses to patch the Secret nj-nats');
  expect(failure).toContain('immutable');
  expect(failure).not.toContain('hush');
  expect((await secretsIn(live)).get('nj-nats')?.data).toEqual(data);
});

test('an API that is away is waited for, and one that stays away is named', async () => {
  const port = await freePort();
  const env = inPod('127.0.0.1', `${port}`);
  const version = { method: 'GET', path: '/version' } as const;
  const hasty = await apiOf({ awayMsMax: 0, env });
  await expect(hasty.call(version)).rejects.toThrow(
    /the Kubernetes API did not answer for 0 s \(.*ECONNREFUSED.*\): is it up, and does a NetworkPolicy/,
  );
  const relay = createServer((socket) => {
    const behind = connect(Number(new URL(plane.url).port), '127.0.0.1');
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  stack.defer(() => void relay.close());
  const patient = await apiOf({
    env,
    // It is there once somebody has said that it is not.
    log: { ...silentLog, warn: () => void (relay.listening || relay.listen(port, '127.0.0.1')) },
  });
  expect((await patient.call(version)).status).toBe(200);
});

test('a server with a certificate of another authority is told nothing', async () => {
  await writeFile(path.join(folder, 'ca.crt'), rootCertificates[0] ?? '');
  const strange = await apiOf({ awayMsMax: 0 });
  await expect(strange.call({ method: 'GET', path: '/version' })).rejects.toThrow('certificate');
});

test('outside of a pod it says what to do', async () => {
  await expect(kubernetesApi({}, silentLog)).rejects.toThrow('run this in a pod, or name a folder');
  await expect(kubernetesApi(inPod(), silentLog, { folder: path.join(folder, 'none') })).rejects.toThrow(
    'set automountServiceAccountToken: true',
  );
});
