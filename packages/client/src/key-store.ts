import { generateSigningKeyPair, type SigningKeyPair } from '@nightjar/sealed/keys';

/**
 * Where private keys live. There are two kinds, apart on purpose: a device's key, which says who somebody is, and a
 * wallet's, which says whose tokens they are. Losing the store loses both for good.
 */
export interface KeyStore {
  /** The key of this name; a new one, kept from now on, where there is none. Names are `[a-z0-9-]{1,40}`. */
  key(name: string): Promise<SigningKeyPair>;
  /** Forgets a key for good: what makes somebody disappear. */
  forget(name: string): Promise<void>;
}

const NAME = /^[a-z0-9-]{1,40}$/;

/** @throws RangeError */
export function assertKeyName(name: string): void {
  if (!NAME.test(name)) throw new RangeError(`not a key's name: ${name}`);
}

/** Keys for as long as the program runs: a guest who leaves nothing behind, and tests. */
export function memoryKeys(): KeyStore {
  const keys = new Map<string, Promise<SigningKeyPair>>();
  return {
    key(name) {
      assertKeyName(name);
      const known = keys.get(name) ?? generateSigningKeyPair({ extractable: false });
      keys.set(name, known);
      return known;
    },
    async forget(name) {
      keys.delete(name);
    },
  };
}
