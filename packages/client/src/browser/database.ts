const NAME = 'nightjar';
const VERSION = 2;

/** What this origin keeps: `keys` since the first version, the others since the second. */
export const STORES = ['keys', 'secrets', 'pins', 'keepers'] as const;
export type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | undefined;

/**
 * This origin's database, opened once.
 *
 * @throws DOMException where the browser keeps no data (some private windows)
 */
export function database(): Promise<IDBDatabase> {
  opened ??= open();
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const { result } = request;
    for (const store of STORES) {
      if (!result.objectStoreNames.contains(store)) result.createObjectStore(store);
    }
  };
  const db = await settled(request);
  // A page of a later version opens it in another tab: it must not have to wait for this one to be closed.
  db.onversionchange = () => {
    db.close();
    opened = undefined;
  };
  db.onclose = () => {
    opened = undefined;
  };
  return db;
}

export async function read<T>(store: StoreName, key: string): Promise<T | undefined> {
  const transaction = (await database()).transaction(store, 'readonly');
  return settled<T | undefined>(transaction.objectStore(store).get(key));
}

/** What is in a store, by name. */
export async function names(store: StoreName): Promise<string[]> {
  const transaction = (await database()).transaction(store, 'readonly');
  return (await settled(transaction.objectStore(store).getAllKeys())).map(String);
}

export async function write(store: StoreName, key: string, value: unknown): Promise<void> {
  await change([store], (of) => of(store).put(value, key));
}

/**
 * All of a change or none of it, durably.
 *
 * @throws DOMException `ConstraintError` where it adds what is there already
 */
export async function change(
  stores: readonly StoreName[],
  work: (of: (store: StoreName) => IDBObjectStore) => void,
): Promise<void> {
  const transaction = (await database()).transaction(stores, 'readwrite', { durability: 'strict' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('the database failed'));
  });
  work((store) => transaction.objectStore(store));
  await done;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('the database failed'));
  });
}
