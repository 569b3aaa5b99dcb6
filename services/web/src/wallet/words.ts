import type { HistoryEntry, PurchaseEntry, TipHistoryEntry } from './history-entry.ts';

const PURCHASE: Readonly<Record<PurchaseEntry['state'], string>> = {
  asked: 'Not answered yet',
  coming: 'Paid, on its way',
  there: 'In your wallet',
  refused: 'Refused, nothing was bought',
};

/** What became of it, in a few words. */
export function stateWords(entry: HistoryEntry): string {
  return entry.kind === 'purchase' ? PURCHASE[entry.state] : tipWords(entry);
}

function tipWords({ state, result, returned = 0n }: TipHistoryEntry): string {
  switch (state) {
    case 'sending':
      return 'Being sent';
    case 'failed':
      return 'Not taken, nothing was moved';
    case 'held':
      return 'Held until it has run';
    case 'returned':
      return result === 'expired' ? 'Did not begin in time, returned' : 'Did not run, returned';
    case 'settled':
      if (result === 'paid') return 'Paid';
      return returned > 0n ? `Ran in part, ${returned.toLocaleString('en')} returned` : 'Ran';
  }
}

/** What it did, or will have done, to the tokens in the wallet. */
export function change(entry: HistoryEntry): bigint {
  if (entry.kind === 'purchase') return entry.state === 'refused' ? 0n : entry.amount;
  if (entry.state === 'failed' || entry.state === 'returned') return 0n;
  return -(entry.state === 'settled' ? (entry.settled ?? entry.amount) : entry.amount);
}
