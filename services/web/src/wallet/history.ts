import { Store } from '../lib/store.ts';
import { byNewest, type HistoryEntry, onwards } from './history-entry.ts';
import { HISTORY_ENTRIES_MAX } from './limits.ts';

/** Where entries lie. */
export interface HistoryShelf {
  all(): Promise<readonly HistoryEntry[]>;
  /** Puts and removes in one transaction, with the entry of this id as it is then. */
  change(id: string, change: (known: HistoryEntry | undefined) => HistoryEntry): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

/**
 * What this browser did with its tokens. It is kept here and nowhere else: the ledger has no list that leads from a
 * person to their tips. Where the browser keeps nothing it lasts as long as the page.
 */
export class History {
  /** Newest first; undefined until it was read. */
  readonly entries = new Store<readonly HistoryEntry[] | undefined>(undefined);
  readonly #shelf: HistoryShelf;
  readonly #told: () => void;

  /** @param told is called after each change, to tell other tabs */
  constructor(shelf: HistoryShelf, told: () => void = () => {}) {
    this.#shelf = shelf;
    this.#told = told;
  }

  /** Reads it, or reads it again when another tab has changed it. */
  async load(): Promise<void> {
    this.entries.set([...(await this.#shelf.all())].sort(byNewest));
  }

  /** Adds an entry, or brings the one of this id up to date. */
  async put(entry: HistoryEntry): Promise<void> {
    await this.#shelf.change(entry.id, (known) => onwards(known, entry));
    const entries = [...(await this.#shelf.all())].sort(byNewest);
    const kept = entries.slice(0, HISTORY_ENTRIES_MAX);
    if (kept.length < entries.length)
      await this.#shelf.remove(entries.slice(HISTORY_ENTRIES_MAX).map(({ id }) => id));
    this.entries.set(kept);
    this.#told();
  }

  async forgetAll(): Promise<void> {
    await this.#shelf.clear();
    this.entries.set([]);
    this.#told();
  }
}

/** A shelf for as long as the page lives. */
export function memoryShelf(): HistoryShelf {
  const entries = new Map<string, HistoryEntry>();
  return {
    all: async () => [...entries.values()],
    change: async (id, change) => {
      entries.set(id, change(entries.get(id)));
    },
    remove: async (ids) => {
      for (const id of ids) entries.delete(id);
    },
    clear: async () => entries.clear(),
  };
}
