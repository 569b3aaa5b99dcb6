import type { LogEntry, TipResult } from '@nightjar/contracts/ws-protocol';

/** Where a tip is. `atMs` counts from when it was sent, on this device's own clock. */
export type TipStage = { readonly atMs: number } & (
  | { readonly stage: 'sending' }
  /** The tokens are held for an outcome. */
  | { readonly stage: 'held'; readonly startBy?: string }
  | { readonly stage: 'queued' | 'running' | 'paused' }
  | TipEnd
);

export type TipEnd =
  | {
      /** `paid`: there was nothing to run. */
      readonly stage: TipResult;
      /** Tokens that went to the room, and back to the wallet. */
      readonly settled: bigint;
      readonly returned: bigint;
      readonly ranMs: number;
    }
  /** Nothing is known to have happened; with `retry`, the same id may be sent again. */
  | { readonly stage: 'failed'; readonly code: string; readonly title: string; readonly retry: boolean };

export type TipNews =
  | { readonly is: 'sent' }
  | { readonly is: 'receipt'; readonly held: boolean; readonly startBy?: string }
  | { readonly is: 'entry'; readonly entry: LogEntry }
  | { readonly is: 'end'; readonly end: TipEnd };

export type Untimed<T> = T extends unknown ? Omit<T, 'atMs'> : never;
export type NewStage = Untimed<TipStage>;

const RANK: Readonly<Record<string, number>> = { sending: 1, held: 2, queued: 3, running: 4, paused: 4 };
const END = 5;

/** How far a stage is on the way: `running` and `paused` may alternate, all else goes forward only. */
function rank(stage: string | undefined): number {
  return stage === undefined ? 0 : (RANK[stage] ?? END);
}

export function isEnd(stage: NewStage): stage is TipEnd {
  return rank(stage.stage) === END;
}

/**
 * The stage that some news makes of a tip that was at `last`, or undefined where it is no news: news comes by two roads,
 * the answer to the tip and the room's log, and after a reconnect again.
 */
export function nextStage(
  tip: { readonly tipId: string; readonly amount: bigint },
  last: TipStage | undefined,
  news: TipNews,
): NewStage | undefined {
  const next = stageOf(tip, news);
  if (!next) return undefined;
  const forward = rank(next.stage) - rank(last?.stage);
  const turns = forward === 0 && next.stage !== last?.stage && !isEnd(next);
  return forward > 0 || turns ? next : undefined;
}

function stageOf(
  tip: { readonly tipId: string; readonly amount: bigint },
  news: TipNews,
): NewStage | undefined {
  switch (news.is) {
    case 'sent':
      return { stage: 'sending' };
    case 'receipt':
      return accepted(tip.amount, news.held, news.startBy);
    case 'end':
      return news.end;
    case 'entry': {
      const { entry } = news;
      if (!('tipId' in entry) || entry.tipId !== tip.tipId) return undefined;
      if (entry.kind === 'tip') return accepted(tip.amount, entry.held, entry.startBy);
      if (entry.kind === 'progress') return { stage: entry.state };
      const { result, settled, returned, ranMs } = entry;
      return { stage: result, settled: BigInt(settled), returned: BigInt(returned), ranMs };
    }
  }
}

function accepted(amount: bigint, held: boolean, startBy: string | undefined): NewStage {
  if (held) return { stage: 'held', ...(startBy === undefined ? {} : { startBy }) };
  return { stage: 'paid', settled: amount, returned: 0n, ranMs: 0 };
}
