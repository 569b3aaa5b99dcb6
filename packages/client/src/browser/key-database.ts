import { generateSigningKeyPair, type SigningKeyPair } from '@nightjar/sealed/keys';
import { assertKeyName, type KeyStore } from '../key-store.ts';

const DATABASE = 'nightjar';
const KEYS = 'keys';

/**
 * Keys in this origin's IndexedDB, as key objects that never give their private half to the page. Two tabs that make the
 * same key at once end up with the same one.
 *
 * @throws DOMException where the browser keeps no data (some private windows): use `memoryKeys` there.
 */
export function keyDatabase(): KeyStore {
  let opened: Promise<IDBDatabase> | undefined;
  const database = (): Promise<IDBDatabase> => {
    opened ??= open();
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    async key(name) {
      assertKeyName(name);
      const db = await database();
      const known = await ask<SigningKeyPair | undefined>(db, 'readonly', (keys) => keys.get(name));
      if (known) return known;
      // Made outside of a transaction, which would end while the key is made.
      const made = await generateSigningKeyPair({ extractable: false });
      try {
        await ask(db, 'readwrite', (keys) => keys.add(made, name));
        return made;
      } catch (error) {
        const other = await ask<SigningKeyPair | undefined>(db, 'readonly', (keys) => keys.get(name));
        if (other) return other;
        throw error;
      }
    },
    async forget(name) {
      assertKeyName(name);
      await ask(await database(), 'readwrite', (keys) => keys.delete(name));
    },
  };
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(KEYS);
  return settled(request);
}

async function ask<T>(
  db: IDBDatabase,
  mode: IDBTransactionMode,
  query: (keys: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const transaction = db.transaction(KEYS, mode, { durability: 'strict' });
  const result = await settled<T>(query(transaction.objectStore(KEYS)));
  return result;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('the database failed'));
  });
}
