import type { OutcomeResult } from '@nightjar/bridge/outcome';

/** What an outcome makes of a tip's tokens. */
export interface OutcomeShare {
  /** Tokens that go to the room; the rest goes back to the wallet. */
  readonly settled: bigint;
  /** Milliseconds. */
  readonly ranMs: number;
}

/**
 * Pay only for what ran: all of it for `ran`; for `partly` the share of the time, rounded down, in the viewer's favour;
 * nothing for the rest.
 *
 * @param durationMs of the whole effect, as the ledger has it, 1 or more.
 * @param ranMs from 0 to `durationMs`.
 */
export function outcomeShare(
  amount: bigint,
  durationMs: number,
  result: OutcomeResult,
  ranMs: number,
): OutcomeShare {
  if (!Number.isInteger(ranMs) || ranMs < 0 || ranMs > durationMs || durationMs < 1)
    throw new RangeError('an effect cannot have run outside its duration');
  switch (result) {
    case 'ran':
      return { settled: amount, ranMs: durationMs };
    case 'partly':
      return { settled: (amount * BigInt(ranMs)) / BigInt(durationMs), ranMs };
    case 'expired':
    case 'refused':
      return { settled: 0n, ranMs: 0 };
  }
}
