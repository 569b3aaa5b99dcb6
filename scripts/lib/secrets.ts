import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EntryName, Values } from '@nightjar/setup/secrets/catalogue';
import { type ServerAddresses, vaultRef } from '@nightjar/setup/secrets/derive';
import { folderStore } from '@nightjar/setup/secrets/folder-store';
import { writeSecrets } from '@nightjar/setup/secrets/run';
import { fillVault } from '@nightjar/setup/secrets/vault';

const PREFIX = 'nightjar';

/** Every password and key of an installation, made once and kept until the state is forgotten. */
export interface Secrets {
  readonly values: Values;
  /** One of them, of those that are always made. */
  value(name: EntryName): string;
  /** The file with a key of somebody's Secret, as in a pod. */
  file(of: string, key: string): string;
  /** Writes the Secrets of all, now that servers have addresses. */
  write(servers: ServerAddresses, livekitKey: string): Promise<void>;
}

/** Where a key of somebody's Secret lies in a state folder. */
export function secretFile(folder: string, of: string, key: string): string {
  return path.join(folder, `${PREFIX}-${of}`, key);
}

export async function openSecrets(folder: string, given: Values): Promise<Secrets> {
  if (existsSync(path.join(folder, 'pseudonym-key')))
    throw new Error(`${folder} was made by an older scripts/start: scripts/start --fresh begins anew`);
  const store = folderStore(folder);
  const { values } = await fillVault(store, vaultRef({ prefix: PREFIX }), given, Date.now());
  return {
    values,
    value(name) {
      const value = values[name];
      if (value === undefined) throw new RangeError(`no ${name} was made`);
      return value;
    },
    file: (of, key) => secretFile(folder, of, key),
    async write(servers, keyName) {
      await writeSecrets(store, values, {
        prefix: PREFIX,
        servers,
        livekit: { keyName, namespace: undefined },
      });
    },
  };
}

/** What servers that somebody else runs come with, under the names of the vault. */
export async function givenSecrets(env: NodeJS.ProcessEnv): Promise<Values> {
  const { NIGHTJAR_POSTGRES_URL, NIGHTJAR_REDIS_URL, NIGHTJAR_NATS_URL, NIGHTJAR_LIVEKIT_SECRET_FILE } = env;
  return {
    ...(NIGHTJAR_POSTGRES_URL ? { 'postgres-admin-url': NIGHTJAR_POSTGRES_URL } : {}),
    ...(NIGHTJAR_REDIS_URL ? { 'redis-url': NIGHTJAR_REDIS_URL } : {}),
    ...(NIGHTJAR_NATS_URL ? { 'nats-url': NIGHTJAR_NATS_URL } : {}),
    ...(env.NIGHTJAR_LIVEKIT_URL && NIGHTJAR_LIVEKIT_SECRET_FILE
      ? { 'livekit-secret': (await readFile(NIGHTJAR_LIVEKIT_SECRET_FILE, 'utf8')).trim() }
      : {}),
  };
}

/** A server's URL without whoever is in it, and of another database where that is wanted. */
export function addressOf(url: string, database?: string): string {
  const address = new URL(url);
  address.username = '';
  address.password = '';
  if (database !== undefined) address.pathname = `/${database}`;
  return address.href;
}
