import { generateSigningKeyPair, type PlatformKey, type SigningKeyPair } from '@nightjar/sealed/keys';
import { readKeyCode, toKeyCode } from '../key-code.ts';
import {
  BACKED_UP_KEYS,
  type BackedUpKey,
  isBackedUpKey,
  isKeeperKey,
  keepersOfSecret,
  keyOfKeepers,
  keyOfSecret,
  newSecret,
} from '../key-secret.ts';
import { assertKeyName, type KeyStore } from '../key-store.ts';
import { change, names, read } from './database.ts';

/**
 * `nothing`: no key was made here yet. `possible`: the secret is still there to be printed. `done`: it was, and is gone from here. `impossible`: the keys were
 * made without a secret (an older version, or one of them was forgotten), and cannot be read out.
 */
export type BackupState = 'nothing' | 'possible' | 'done' | 'impossible';

/** Keys of a page, and the code that brings device, wallet and a broadcaster's chat keys back on another device. */
export interface KeyDatabase extends KeyStore {
  backupState(): Promise<BackupState>;
  /** The code to print; makes the keys where there are none yet. Undefined where it is done or impossible. */
  backup(): Promise<string | undefined>;
  /**
   * The person has the code: from now on there are only keys that cannot be read out. Until then whatever runs on this
   * origin could read the secret, so ask for the print early.
   */
  forgetSecret(): Promise<void>;
  /**
   * Takes device and wallet of a code in the place of those that are here, which are lost unless they have a code too.
   * Reload afterwards: whoever holds the keys from before goes on with them.
   *
   * @throws ProblemError as `readKeyCode`
   */
  restore(code: string): Promise<void>;
}

const SECRET = 'secret';
type KeptSecret =
  | { readonly is: 'secret'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly is: 'printed'; readonly keepers: PlatformKey };
/** How often a key is made when other tabs make the same one at the same moment. */
const TRIES_MAX = 5;

/**
 * Keys in this origin's IndexedDB, as key objects that never give their private half to the page. Two tabs that make the
 * same key at once end up with the same one.
 *
 * @throws DOMException where the browser keeps no data (some private windows): use `memoryKeys` there.
 */
export function keyDatabase(): KeyDatabase {
  const store: KeyDatabase = {
    async key(name) {
      assertKeyName(name);
      for (let tried = 1; ; tried += 1) {
        const known = await read<SigningKeyPair>('keys', name);
        if (known) return known;
        try {
          return await makeNamed(name);
        } catch (error) {
          if (!isTaken(error) || tried === TRIES_MAX) throw error;
        }
      }
    },
    async forget(name) {
      assertKeyName(name);
      if (isBackedUpKey(name)) await keepWithoutSecret();
      await change(['keys', 'secrets'], (of) => {
        of('keys').delete(name);
        // The code of before would bring back what was to be forgotten.
        if (isBackedUpKey(name)) of('secrets').delete(SECRET);
      });
    },
    async backupState() {
      const kept = await read<KeptSecret>('secrets', SECRET);
      if (kept) return kept.is === 'secret' ? 'possible' : 'done';
      return (await hasAny()) ? 'impossible' : 'nothing';
    },
    async backup() {
      if (!(await hasAny())) await store.key('device');
      const kept = await read<KeptSecret>('secrets', SECRET);
      return kept?.is === 'secret' ? toKeyCode(kept.bytes) : undefined;
    },
    async forgetSecret() {
      await keepWithoutSecret();
      const kept = await read<KeptSecret>('secrets', SECRET);
      if (kept?.is !== 'secret') return;
      const keepers = await keepersOfSecret(kept.bytes);
      await change(['secrets'], (of) =>
        of('secrets').put({ is: 'printed', keepers } satisfies KeptSecret, SECRET),
      );
    },
    async restore(code) {
      const secret = readKeyCode(code);
      const device = await keyOfSecret(secret, 'device');
      const wallet = await keyOfSecret(secret, 'wallet');
      const keepers = await keepersOfSecret(secret);
      const others = (await names('keys')).filter(isKeeperKey);
      await change(['keys', 'secrets'], (of) => {
        of('keys').put(device, 'device');
        of('keys').put(wallet, 'wallet');
        for (const name of others) of('keys').delete(name);
        of('secrets').put({ is: 'printed', keepers } satisfies KeptSecret, SECRET);
      });
    },
  };
  return store;
}

async function makeNamed(name: string): Promise<SigningKeyPair> {
  if (isBackedUpKey(name)) return makeBackedUp(name);
  const kept = isKeeperKey(name) ? await read<KeptSecret>('secrets', SECRET) : undefined;
  if (!kept) return make(name);
  const keepers = kept.is === 'secret' ? await keepersOfSecret(kept.bytes) : kept.keepers;
  const made = await keyOfKeepers(keepers, name);
  await change(['keys'], (of) => of('keys').add(made, name));
  return made;
}

/** Made outside of a transaction, which would end while the key is made. */
async function make(name: string): Promise<SigningKeyPair> {
  const made = await generateSigningKeyPair({ extractable: false });
  await change(['keys'], (of) => of('keys').add(made, name));
  return made;
}

/** Of the secret that is there; of a new one, where nothing is there yet; else a key that has no code. */
async function makeBackedUp(name: BackedUpKey): Promise<SigningKeyPair> {
  const kept = await read<KeptSecret>('secrets', SECRET);
  if (kept?.is === 'secret') {
    const made = await keyOfSecret(kept.bytes, name);
    await change(['keys'], (of) => of('keys').add(made, name));
    return made;
  }
  if (kept || (await hasAny())) return make(name);
  const bytes = newSecret();
  const made = await keyOfSecret(bytes, name);
  await change(['keys', 'secrets'], (of) => {
    of('secrets').add({ is: 'secret', bytes } satisfies KeptSecret, SECRET);
    of('keys').add(made, name);
  });
  return made;
}

async function hasAny(): Promise<boolean> {
  const keys = await Promise.all(BACKED_UP_KEYS.map((name) => read('keys', name)));
  return keys.some((key) => key !== undefined);
}

/** So that the keys which stay are there when their secret goes. */
async function keepWithoutSecret(): Promise<void> {
  const kept = await read<KeptSecret>('secrets', SECRET);
  if (kept?.is !== 'secret') return;
  for (const name of BACKED_UP_KEYS) {
    if ((await read('keys', name)) === undefined) await makeBackedUp(name).catch(ignoreTaken);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'ConstraintError';
}

function ignoreTaken(error: unknown): void {
  if (!isTaken(error)) throw error;
}
