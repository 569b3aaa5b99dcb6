import { TipResult } from '@nightjar/contracts/gen/payments/v1/payments_pb';

/** How a tip ended, as the ledger writes it. */
export type EndedResult = 'ran' | 'partly' | 'expired' | 'refused' | 'paid';

const TO_PROTO: Readonly<Record<EndedResult, TipResult>> = {
  ran: TipResult.RAN,
  partly: TipResult.PARTLY,
  expired: TipResult.EXPIRED,
  refused: TipResult.REFUSED,
  paid: TipResult.PAID,
};

export function resultToProto(result: EndedResult): TipResult {
  return TO_PROTO[result];
}

/** A tip's money: held, or in the end settled (some of it at least) or returned (all of it). */
export function moneyState(result: EndedResult | null, settled: bigint): 'held' | 'settled' | 'returned' {
  if (result === null) return 'held';
  return settled > 0n ? 'settled' : 'returned';
}
