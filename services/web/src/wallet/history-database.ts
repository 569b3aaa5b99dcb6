import { History, type HistoryShelf, memoryShelf } from './history.ts';
import type { HistoryEntry } from './history-entry.ts';

const DATABASE = 'nightjar-history';
const ENTRIES = 'entries';
const CHANNEL = 'nightjar-history';

let opened: History | undefined;

/** This browser's history, the same for every page of this origin that is open. */
export function openHistory(): History {
  if (opened) return opened;
  const channel = new BroadcastChannel(CHANNEL);
  const history = new History(orMemory(databaseShelf()), () => channel.postMessage('changed'));
  channel.onmessage = () => void history.load();
  opened = history;
  return history;
}

/** Entries in this origin's IndexedDB. */
function databaseShelf(): HistoryShelf {
  let database: Promise<IDBDatabase> | undefined;
  const entries = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
    database ??= open(() => {
      database = undefined;
    });
    database.catch(() => {
      database = undefined;
    });
    return (await database).transaction(ENTRIES, mode).objectStore(ENTRIES);
  };
  return {
    all: async () => settled<HistoryEntry[]>((await entries('readonly')).getAll()),
    change: async (id, change) => {
      const store = await entries('readwrite');
      const known = await settled<HistoryEntry | undefined>(store.get(id));
      await settled(store.put(change(known)));
    },
    remove: async (ids) => {
      const store = await entries('readwrite');
      await Promise.all(ids.map((id) => settled(store.delete(id))));
    },
    clear: async () => {
      await settled((await entries('readwrite')).clear());
    },
  };
}

/** Goes on in memory when the browser keeps no data, as some private windows do. */
function orMemory(shelf: HistoryShelf): HistoryShelf {
  const memory = memoryShelf();
  let keeps = true;
  const either = async <T>(kept: () => Promise<T>, remembered: () => Promise<T>): Promise<T> => {
    if (!keeps) return remembered();
    try {
      return await kept();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      keeps = false;
      return remembered();
    }
  };
  return {
    all: () => either(shelf.all, memory.all),
    change: (id, change) =>
      either(
        () => shelf.change(id, change),
        () => memory.change(id, change),
      ),
    remove: (ids) =>
      either(
        () => shelf.remove(ids),
        () => memory.remove(ids),
      ),
    clear: () => either(shelf.clear, memory.clear),
  };
}

async function open(closed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(ENTRIES, { keyPath: 'id' });
  const db = await settled(request);
  // Another tab deletes it, when somebody disappears, or has a later version: neither has to wait for this one.
  db.onversionchange = () => {
    db.close();
    closed();
  };
  db.onclose = closed;
  return db;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('the database failed'));
  });
}
