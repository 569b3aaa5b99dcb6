import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64Url, toBase64Url } from '@nightjar/sealed/base64url';
import {
  exportSigningSeed,
  generateSigningKeyPair,
  importSigningKeyPair,
  type SigningKeyPair,
} from '@nightjar/sealed/keys';
import { assertKeyName, type KeyStore } from '../key-store.ts';

/**
 * Keys in a folder of this user's own (mode 0700), one file each (0600) with the seed in base64url. Two programs that
 * make the same key at once end up with the same one.
 */
export function keyFiles(folder: string): KeyStore {
  const known = new Map<string, Promise<SigningKeyPair>>();
  const pathOf = (name: string): string => {
    assertKeyName(name);
    return join(folder, `${name}.key`);
  };
  return {
    key(name) {
      const path = pathOf(name);
      const key = known.get(name) ?? readOrMake(folder, path);
      known.set(name, key);
      key.catch(() => known.delete(name));
      return key;
    },
    async forget(name) {
      const path = pathOf(name);
      known.delete(name);
      await unlink(path).catch(ignore('ENOENT'));
    },
  };
}

async function readOrMake(folder: string, path: string): Promise<SigningKeyPair> {
  const text = (await read(path)) ?? (await make(folder, path));
  return importSigningKeyPair(fromBase64Url(text.trim()), { extractable: false });
}

async function make(folder: string, path: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const { privateKey } = await generateSigningKeyPair({ extractable: true });
  const text = toBase64Url(await exportSigningSeed(privateKey));
  const draft = `${path}.${crypto.randomUUID()}`;
  await writeFile(draft, `${text}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link is there whole or not at all, and never replaces a key that somebody else has just made.
    await link(draft, path).catch(ignore('EEXIST'));
  } finally {
    await unlink(draft);
  }
  return (await read(path)) ?? text;
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    ignore('ENOENT')(error);
    return undefined;
  }
}

function ignore(code: string): (error: unknown) => void {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
  };
}
