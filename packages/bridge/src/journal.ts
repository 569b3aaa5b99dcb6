/**
 * What the bridge must still know after a crash: which effects it took, which had begun, and which outcomes payments
 * has not acknowledged (rule 4). The index is pure; where its records are kept is a store's affair.
 */
import { KNOWN_IDS_MAX } from './machine/limits.ts';
import type { OutcomeBody } from './outcome.ts';

export type JournalRecord =
  /** Written before the first write to the device. */
  | { readonly k: 'begun'; readonly tipId: string; readonly durationMs: number }
  | { readonly k: 'ran'; readonly tipId: string; readonly ms: number }
  | { readonly k: 'outcome'; readonly body: OutcomeBody; readonly trace?: string }
  | { readonly k: 'acked'; readonly tipId: string }
  /** The server refused the outcome for good: it is kept as evidence, and not sent again. */
  | { readonly k: 'rejected'; readonly tipId: string; readonly code: string };

export interface JournalStore {
  /** All records, oldest first. */
  readonly records: readonly JournalRecord[];
  /** Returns once the record survives the end of this process. Throws when it cannot, which is a fault (rule 7). */
  append(record: JournalRecord): void;
}

export interface OpenEffect {
  readonly tipId: string;
  readonly durationMs: number;
  /** As last known. */
  readonly ranMs: number;
}

export interface UnackedOutcome {
  readonly body: OutcomeBody;
  readonly trace?: string;
}

export interface RejectedOutcome extends UnackedOutcome {
  readonly code: string;
}

/** The index over a journal's records. */
export class Journal {
  readonly #store: JournalStore;
  readonly #known = new Set<string>();
  readonly #open = new Map<string, OpenEffect>();
  readonly #unacked = new Map<string, UnackedOutcome>();
  readonly #rejected = new Map<string, RejectedOutcome>();

  constructor(store: JournalStore) {
    this.#store = store;
    for (const record of store.records) this.#index(record);
  }

  /** Ids that must not run (again). */
  get known(): ReadonlySet<string> {
    return this.#known;
  }

  /** Effects that had begun and have no outcome: after a start, those that a crash cut off. */
  get open(): readonly OpenEffect[] {
    return [...this.#open.values()];
  }

  get unacked(): readonly UnackedOutcome[] {
    return [...this.#unacked.values()];
  }

  get rejected(): readonly RejectedOutcome[] {
    return [...this.#rejected.values()];
  }

  append(record: JournalRecord): void {
    this.#store.append(record);
    this.#index(record);
  }

  #index(record: JournalRecord): void {
    switch (record.k) {
      case 'begun':
        this.#remember(record.tipId);
        this.#open.set(record.tipId, { tipId: record.tipId, durationMs: record.durationMs, ranMs: 0 });
        break;
      case 'ran': {
        const open = this.#open.get(record.tipId);
        if (open !== undefined) this.#open.set(record.tipId, { ...open, ranMs: record.ms });
        break;
      }
      case 'outcome':
        this.#remember(record.body.tipId);
        this.#open.delete(record.body.tipId);
        this.#unacked.set(record.body.tipId, record);
        break;
      case 'acked':
        this.#remember(record.tipId);
        this.#unacked.delete(record.tipId);
        this.#rejected.delete(record.tipId);
        break;
      case 'rejected': {
        const { tipId, code } = record;
        const refused = this.#unacked.get(tipId);
        if (refused === undefined) break;
        this.#unacked.delete(tipId);
        this.#rejected.set(tipId, { ...refused, code });
        break;
      }
    }
  }

  /** The oldest are forgotten, but none that is still open or unacknowledged. */
  #remember(tipId: string): void {
    this.#known.add(tipId);
    for (const oldest of this.#known) {
      if (this.#known.size <= KNOWN_IDS_MAX) break;
      if (this.#open.has(oldest) || this.#unacked.has(oldest)) continue;
      this.#known.delete(oldest);
      this.#rejected.delete(oldest);
    }
  }
}

/** The fewest records that give the same index. */
export function compact(records: readonly JournalRecord[]): JournalRecord[] {
  const journal = new Journal({ records, append: () => {} });
  const open = journal.open.flatMap(({ tipId, durationMs, ranMs }): JournalRecord[] => [
    { k: 'begun', tipId, durationMs },
    { k: 'ran', tipId, ms: ranMs },
  ]);
  const unacked = journal.unacked.map((outcome): JournalRecord => ({ k: 'outcome', ...outcome }));
  const rejected = journal.rejected.flatMap(({ code, ...outcome }): JournalRecord[] => [
    { k: 'outcome', ...outcome },
    { k: 'rejected', tipId: outcome.body.tipId, code },
  ]);
  const busy = new Set([
    ...journal.open.map(({ tipId }) => tipId),
    ...[...journal.unacked, ...journal.rejected].map(({ body }) => body.tipId),
  ]);
  const done = [...journal.known].filter((tipId) => !busy.has(tipId));
  return [...done.map((tipId): JournalRecord => ({ k: 'acked', tipId })), ...rejected, ...unacked, ...open];
}

/** A journal that ends with the process: for tests and for benches. */
export function memoryStore(
  records: readonly JournalRecord[] = [],
): JournalStore & { records: JournalRecord[] } {
  const kept = [...records];
  return { records: kept, append: (record) => void kept.push(record) };
}
