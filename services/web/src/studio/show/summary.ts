import type { LogEntry } from '@nightjar/contracts/ws-protocol';

/** What this page saw of a show. What came while it was away is not in it. */
export interface Summary {
  /** ms since 1970; undefined while none began. */
  readonly startedWall?: number;
  readonly endedWall?: number;
  readonly viewersMost: number;
  /** Times that somebody came in. */
  readonly joins: number;
  readonly tips: number;
  /** Settled to the room. */
  readonly earned: bigint;
  readonly ran: number;
  readonly partly: number;
  readonly returned: number;
  readonly lines: number;
}

/** A summary and what it needs to count each thing once. */
export interface Tally extends Summary {
  readonly viewers: number;
  readonly open: ReadonlySet<string>;
}

export const EMPTY_TALLY: Tally = {
  viewers: 0,
  open: new Set(),
  viewersMost: 0,
  joins: 0,
  tips: 0,
  earned: 0n,
  ran: 0,
  partly: 0,
  returned: 0,
  lines: 0,
};

/** @param past the entry is in the snapshot that came before it */
export function tallyAfterEntry(tally: Tally, entry: LogEntry, past: boolean): Tally {
  switch (entry.kind) {
    case 'tip': {
      // A tip told twice, as after a new snapshot, is one tip.
      if (tally.open.has(entry.tipId)) return tally;
      const open = entry.held ? new Set([...tally.open, entry.tipId]) : tally.open;
      if (past) return { ...tally, open };
      return {
        ...tally,
        open,
        tips: tally.tips + 1,
        earned: tally.earned + (entry.held ? 0n : BigInt(entry.amount)),
      };
    }
    case 'settled': {
      if (!tally.open.has(entry.tipId) || entry.result === 'paid') return tally;
      const open = new Set(tally.open);
      open.delete(entry.tipId);
      return {
        ...tally,
        open,
        earned: tally.earned + BigInt(entry.settled),
        ran: tally.ran + (entry.result === 'ran' ? 1 : 0),
        partly: tally.partly + (entry.result === 'partly' ? 1 : 0),
        returned: tally.returned + (entry.result === 'expired' || entry.result === 'refused' ? 1 : 0),
      };
    }
    case 'chat':
      return past ? tally : { ...tally, lines: tally.lines + 1 };
    default:
      return tally;
  }
}

export function tallyAfterPresence(tally: Tally, viewers: number): Tally {
  return {
    ...tally,
    viewers,
    viewersMost: Math.max(tally.viewersMost, viewers),
    joins: tally.joins + Math.max(0, viewers - tally.viewers),
  };
}

/** 1 h 5 min, 4 min 10 s, 12 s */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [h, min, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${h} h ${min} min`;
  return min > 0 ? `${min} min ${s} s` : `${s} s`;
}

/** 1:05:09, 4:10: a clock that runs. */
export function clockWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (n: number) => `${n}`.padStart(2, '0');
  const [h, min, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(min)}:${two(s)}` : `${min}:${two(s)}`;
}
