/** Judges each tip, and all money, by what its viewer learned, what the device did, and what the ledger says in the end. */
import { LATE_MS_MAX } from './device.ts';

/** As the ledger has it in the end; `unknown`: it never took it. */
export type LedgerWord =
  | 'unknown'
  | 'held'
  | { readonly result: string; readonly settled: bigint; readonly returned: bigint };

/** What the viewer's client was told last. */
export type Learned =
  /** Nothing final, though it asked again and again. */
  | 'nothing'
  /** It was refused for good, so that nothing was taken. */
  | 'refused'
  | { readonly result: string; readonly settled: bigint; readonly returned: bigint };

export interface TipStory {
  readonly tipId: string;
  readonly viewer: string;
  readonly amount: bigint;
  /** Missing where there is nothing to run. */
  readonly effectMs?: number;
  /** The sequence number in each receipt that came. */
  readonly seqs: readonly string[];
  readonly learned: Learned;
  readonly ledger: LedgerWord;
  /** How often its effect began at the device. */
  readonly begun: number;
  /** How long it moved there. */
  readonly movedMs: number;
  /** In how many places of one epoch's log it stands, at most. */
  readonly inLog: number;
  /** Its viewer was there to be told of it, and no log began anew around it. */
  readonly owedEntry: boolean;
}

export interface TipFault {
  readonly tipId: string;
  readonly what: /** A receipt was given and the ledger does not know it. */
    | 'lost_receipt'
    /** Its tokens are held for ever. */
    | 'lost_held'
    /** Its viewer could never learn what became of it. */
    | 'lost_fate'
    /** What was settled and what went back are not what was tipped. */
    | 'lost_tokens'
    /** The room was never told of it. */
    | 'lost_entry'
    /** Its viewer was told something else than what is true. */
    | 'misled'
    | 'doubled_effect'
    | 'doubled_charge'
    | 'doubled_entry'
    /** Nobody paid for it, and the device moved. */
    | 'unpaid_effect'
    /** Nobody paid for it, and the room was told of it. */
    | 'unpaid_entry'
    /** The ledger has paid for an effect that the device never began … */
    | 'unmoved'
    /** … or for more of it than the device moved. */
    | 'unmoved_share';
}

/** Results of an effect that has not begun. */
const NOT_BEGUN: ReadonlySet<string> = new Set(['expired', 'refused']);
/** A write may be late to the time that is counted, but most of what was paid for has moved, however short it is. */
const MOVED_SHARE_MIN = 0.5;

export function judgeTip(tip: TipStory): TipFault[] {
  const { tipId, ledger, learned, seqs, begun, inLog } = tip;
  const faults: TipFault['what'][] = [];
  if (ledger === 'unknown') {
    if (seqs.length > 0) faults.push('lost_receipt');
    else if (learned === 'nothing') faults.push('lost_fate');
    else if (learned !== 'refused') faults.push('misled');
    if (begun > 0) faults.push('unpaid_effect');
    if (inLog > 0) faults.push('unpaid_entry');
  } else {
    if (ledger === 'held') {
      faults.push('lost_held');
    } else {
      if (learned === 'nothing') faults.push('lost_fate');
      else if (!isSame(learned, ledger)) faults.push('misled');
      faults.push(...judgeShare(tip, ledger));
    }
    if (inLog === 0 && tip.owedEntry) faults.push('lost_entry');
  }
  if (begun > 1) faults.push('doubled_effect');
  if (new Set(seqs).size > 1) faults.push('doubled_charge');
  if (inLog > 1) faults.push('doubled_entry');
  return faults.map((what) => ({ tipId, what }));
}

/** One pays for what moved and for no more, and what is not paid goes back. */
function judgeShare(
  { amount, effectMs, begun, movedMs }: TipStory,
  { result, settled, returned }: Exclude<LedgerWord, string>,
): TipFault['what'][] {
  const faults: TipFault['what'][] = [];
  if (settled + returned !== amount) faults.push('lost_tokens');
  if (begun > 0 && NOT_BEGUN.has(result)) faults.push('unpaid_effect');
  if (effectMs === undefined || (settled === 0n && result !== 'ran')) return faults;
  const paidMs = (Number(settled) / Number(amount)) * effectMs;
  if (begun === 0) faults.push('unmoved');
  else if (movedMs < Math.max(paidMs - LATE_MS_MAX, paidMs * MOVED_SHARE_MIN)) faults.push('unmoved_share');
  return faults;
}

function isSame(learned: Learned, ledger: Exclude<LedgerWord, string>): boolean {
  if (typeof learned === 'string') return false;
  const { result, settled, returned } = ledger;
  return learned.result === result && learned.settled === settled && learned.returned === returned;
}

export interface WalletSeen {
  readonly viewer: string;
  readonly bought: bigint;
  readonly available: bigint;
  readonly held: bigint;
}

export interface MoneyFault {
  readonly who: string;
  /** Tokens too few (a tip was charged twice, or tokens are gone) or too many. */
  readonly tokens: bigint;
}

/** Every token that was bought is in its wallet or was earned, and each tip was charged once. */
export function judgeMoney(
  wallets: readonly WalletSeen[],
  tips: readonly TipStory[],
  earned: bigint,
): MoneyFault[] {
  const paidBy = new Map<string, bigint>();
  for (const { viewer, ledger } of tips) {
    if (typeof ledger !== 'string') paidBy.set(viewer, (paidBy.get(viewer) ?? 0n) + ledger.settled);
  }
  const faults = wallets.map(({ viewer, bought, available, held }) => ({
    who: viewer,
    tokens: available + held + (paidBy.get(viewer) ?? 0n) - bought,
  }));
  const paid = [...paidBy.values()].reduce((sum, tokens) => sum + tokens, 0n);
  faults.push({ who: 'the room', tokens: earned - paid });
  return faults.filter(({ tokens }) => tokens !== 0n);
}
