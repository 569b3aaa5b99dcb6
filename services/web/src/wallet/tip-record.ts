import type { TipStage } from '@nightjar/client/tip-life';
import type { TipHistoryEntry } from './history-entry.ts';

/** What is the same through all of a tip's life. */
export type TipRecord = Pick<TipHistoryEntry, 'id' | 'at' | 'amount' | 'room' | 'item'>;

/** A tip as the history has it at a stage of its life. */
export function tipEntry(tip: TipRecord, stage: TipStage): TipHistoryEntry {
  const entry = { kind: 'tip', ...tip } as const;
  switch (stage.stage) {
    case 'sending':
      return { ...entry, state: 'sending' };
    case 'held':
    case 'queued':
    case 'running':
    case 'paused':
      return { ...entry, state: 'held' };
    case 'failed':
      // Where it is not known whether it was taken, the ledger is asked when the wallet's page is opened.
      return { ...entry, state: stage.retry ? 'sending' : 'failed' };
    default: {
      const { stage: result, settled, returned } = stage;
      return { ...entry, state: settled > 0n ? 'settled' : 'returned', result, settled, returned };
    }
  }
}
