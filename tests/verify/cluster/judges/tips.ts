/** Judges each tip, and all money, by what its viewer learned, what the device did, and what the ledger says in the end. */

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
  /** In how many places of one epoch's log it stands, at most. */
  readonly inLog: number;
}

export interface TipFault {
  readonly tipId: string;
  readonly what: /** A receipt was given and the ledger does not know it. */
    | 'lost_receipt'
    /** Its tokens are held for ever. */
    | 'lost_held'
    /** Its viewer could never learn what became of it. */
    | 'lost_fate'
    /** Its viewer was told something else than what is true. */
    | 'misled'
    | 'doubled_effect'
    | 'doubled_charge'
    | 'doubled_entry'
    /** The ledger has paid for an effect that the device never began. */
    | 'unmoved';
}

export function judgeTip(tip: TipStory): TipFault[] {
  const { tipId, ledger, learned, seqs, begun, inLog } = tip;
  const faults: TipFault['what'][] = [];
  if (ledger === 'unknown') {
    if (seqs.length > 0) faults.push('lost_receipt');
    else if (learned === 'nothing') faults.push('lost_fate');
    else if (learned !== 'refused') faults.push('misled');
  } else if (ledger === 'held') {
    faults.push('lost_held');
  } else {
    if (learned === 'nothing') faults.push('lost_fate');
    else if (!isSame(learned, ledger)) faults.push('misled');
    if (ledger.result === 'ran' && tip.effectMs !== undefined && begun === 0) faults.push('unmoved');
  }
  if (begun > 1) faults.push('doubled_effect');
  if (new Set(seqs).size > 1) faults.push('doubled_charge');
  if (inLog > 1) faults.push('doubled_entry');
  return faults.map((what) => ({ tipId, what }));
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
