import type { TipResult } from '@nightjar/contracts/ws-protocol';

interface Entry {
  /** Made by the page: a tip's id, or a purchase's idempotency key. */
  readonly id: string;
  /** ms since 1970, by this device's clock. */
  readonly at: number;
  readonly amount: bigint;
}

/** Tokens that were bought. */
export interface PurchaseEntry extends Entry {
  readonly kind: 'purchase';
  /** `asked`: no answer yet; the same id may be asked again. `coming`: paid, not in the wallet yet. */
  readonly state: 'asked' | 'coming' | 'there' | 'refused';
}

/** A tip that this page sent. */
export interface TipHistoryEntry extends Entry {
  readonly kind: 'tip';
  readonly room: { readonly slug: string; readonly title: string };
  /** The menu item's name; missing for a free amount. */
  readonly item?: string;
  /** `sending`: no receipt yet. `failed`: refused before it moved anything. */
  readonly state: 'sending' | 'held' | 'settled' | 'returned' | 'failed';
  readonly result?: TipResult;
  /** Of the amount, once it has ended. */
  readonly settled?: bigint;
  readonly returned?: bigint;
}

export type HistoryEntry = PurchaseEntry | TipHistoryEntry;

/** Whether nothing more is expected of it. */
export function isEnded({ state }: HistoryEntry): boolean {
  return state !== 'asked' && state !== 'coming' && state !== 'sending' && state !== 'held';
}

/** Newest first; of two at one moment, by their ids, so that an order once shown stays. */
export function byNewest(a: HistoryEntry, b: HistoryEntry): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}

/**
 * What is kept of an entry that comes again. It only goes on: an end that is known is not taken back by word that comes
 * late, as from another tab, and the moment at which it began stays.
 */
export function onwards(known: HistoryEntry | undefined, next: HistoryEntry): HistoryEntry {
  if (!known) return next;
  if (isEnded(known) && !isEnded(next)) return known;
  return { ...next, at: known.at };
}
