import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { POSTGRES_SETTINGS, readFor, SECRETS_SETTINGS, STREAMS_SETTINGS } from '@nightjar/setup/config';
import { CATALOGUE, ENTRY_NAMES, type EntryName } from '@nightjar/setup/secrets/catalogue';
import { deriveSecrets } from '@nightjar/setup/secrets/derive';
import { root } from '../../../scripts/lib/root.ts';
import { type Container, containersOf, type Volume, type Workload } from './manifest.ts';
import { isService } from './object-rules.ts';

type ReadSettings = (env: NodeJS.ProcessEnv) => unknown;

/** Where a pod has its Secret. */
const MOUNTED = '/run/secrets/nightjar';

/** Secrets as the secrets Job would write them, by the end of their names, and each key in a file. */
export interface WrittenSecrets extends AsyncDisposable {
  /** The files of a Secret, by key. */
  filesOf(secret: string): ReadonlyMap<string, string> | undefined;
}

export async function writeSecrets(): Promise<WrittenSecrets> {
  const values: Partial<Record<EntryName, string>> = {};
  for (const name of ENTRY_NAMES) {
    const { make, publicHalf } = CATALOGUE[name];
    if (make) values[name] = await make(Date.now());
    if (publicHalf) values[name] = publicHalf.line(values[publicHalf.of] ?? '');
  }
  const secrets = deriveSecrets(values, {
    prefix: 'x',
    servers: {
      postgres: 'postgres://postgres:5432/nightjar',
      nats: 'nats://nats:4222',
      redis: 'redis://valkey:6379',
    },
    livekit: { keyName: 'nightjar', namespace: 'media' },
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-chart-'));
  const files = new Map<string, ReadonlyMap<string, string>>();
  for (const { ref, data } of secrets) {
    const own = new Map<string, string>();
    for (const [key, text] of Object.entries(data)) {
      const file = path.join(folder, `${ref.name}.${key}`);
      await writeFile(file, text, { mode: 0o600 });
      own.set(key, file);
    }
    files.set(ref.name.slice('x-'.length), own);
  }
  return {
    filesOf: (secret) => files.get(secret),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * What is wrong with the settings of a workload's containers: each is read by the program's own code, with the Secret's
 * files as the secrets Job would write them. So nothing that is needed is missing, nothing is unknown, and every file is
 * a key of the Secret that is mounted.
 */
export async function faultsOfSettings(workload: Workload, written: WrittenSecrets): Promise<string[]> {
  const faults: string[] = [];
  for (const container of containersOf(workload.pod)) {
    const read = await readerOf(container);
    if (!read) continue;
    const title = `${workload.name}/${container.name}`;
    const files = filesIn(container, workload, written);
    const env: NodeJS.ProcessEnv = {};
    for (const { name, value } of container.env ?? []) {
      if (value === undefined) continue;
      const key = value.startsWith(`${MOUNTED}/`) ? value.slice(MOUNTED.length + 1) : undefined;
      if (key === undefined && name.endsWith('_FILE') && value !== '')
        faults.push(`${title}: ${name} is outside of ${MOUNTED}`);
      if (key !== undefined && !files.has(key)) faults.push(`${title}: ${name}: its Secret has no ${key}`);
      env[name] = key === undefined ? value : (files.get(key) ?? value);
    }
    try {
      read(env);
    } catch (error) {
      faults.push(`${title}: ${(error as Error).message}`);
    }
  }
  return faults;
}

/** How the program that a container runs reads its settings; nothing for those that are not ours, or have none. */
async function readerOf({ image, args = [] }: Container): Promise<ReadSettings | undefined> {
  const name = /(?:^|[/-])([a-z]+)(?:[:@][^/]*)?$/.exec(image)?.[1] ?? '';
  const [program = '', command] = args;
  if (name === 'setup') {
    if (command === 'secrets') return (env) => readFor(SECRETS_SETTINGS, env);
    if (command === 'postgres') return (env) => readFor(POSTGRES_SETTINGS, env);
    if (command === 'streams') return (env) => readFor(STREAMS_SETTINGS, env);
    throw new Error(`setup has no settings for '${command}'`);
  }
  if (!isService(name)) return undefined;
  const folder = name === 'web' ? 'server' : 'src';
  const config = (await import(path.join(root, 'services', name, folder, 'config.ts'))) as Record<
    string,
    ReadSettings | undefined
  >;
  const reader = {
    'dist/main.js': config.toConfig,
    'dist/migrate.js': config.toMigrateConfig ?? config.toConfig,
    'dist/operator.js': config.toOperatorConfig,
  }[program];
  if (!reader) throw new Error(`${name} has no program ${program}`);
  return reader;
}

function filesIn(
  { volumeMounts = [] }: Container,
  { pod, name }: Workload,
  written: WrittenSecrets,
): ReadonlyMap<string, string> {
  const mount = volumeMounts.find(({ mountPath }) => mountPath === MOUNTED);
  if (!mount) return new Map();
  const volume = (pod.volumes ?? []).find((each) => each.name === mount.name);
  const secret = secretIn(volume);
  // One that the operator brings has another name, which ends alike, and the same keys: brought-secrets.ts sees to it.
  const known = written.filesOf(secret.split('-').at(-1) ?? '');
  if (!known) throw new Error(`${name} mounts ${secret}, which nobody writes`);
  return known;
}

/** The one Secret of a volume, whether it is mounted whole or with the key that says for what it was made. */
function secretIn(volume: Volume | undefined): string {
  const sources = (volume?.projected?.sources ?? []) as readonly { secret?: { name: string } }[];
  return volume?.secret?.secretName ?? sources.find(({ secret }) => secret)?.secret?.name ?? '';
}
