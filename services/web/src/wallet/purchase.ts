import type { ProblemError } from '@nightjar/client/problem-error';
import type { Purchase } from '@nightjar/client/wallet';
import type { History } from './history.ts';
import { isEnded, type PurchaseEntry } from './history-entry.ts';

export interface PurchaseParts {
  readonly wallet: { buy(amount: bigint, gateway: string, idempotencyKey: string): Promise<Purchase> };
  readonly history: History;
  /** ms since 1970 */
  readonly now: () => number;
  readonly newId: () => string;
}

/** The latest purchase that has no end; of this amount, where one is given. */
export function openPurchase({ entries }: History, amount?: bigint): PurchaseEntry | undefined {
  return entries.current?.find(
    (entry): entry is PurchaseEntry =>
      entry.kind === 'purchase' && !isEnded(entry) && (amount === undefined || entry.amount === amount),
  );
}

/**
 * The purchase to ask for when somebody wants so many tokens: the one of that amount that nobody has answered yet, so
 * that pressing again buys nothing twice, or else a new one.
 */
export async function purchaseOf(
  { history, now, newId }: PurchaseParts,
  amount: bigint,
): Promise<PurchaseEntry> {
  if (history.entries.current === undefined) await history.load();
  return (
    openPurchase(history, amount) ?? { kind: 'purchase', id: newId(), at: now(), amount, state: 'asked' }
  );
}

/**
 * Asks once for a purchase, and writes down what was said. It is written down before it is asked for: a page that is
 * closed now knows the id to ask with when one is opened again.
 *
 * @throws ProblemError
 */
export async function askFor(
  { wallet, history }: PurchaseParts,
  entry: PurchaseEntry,
): Promise<'there' | 'coming'> {
  await history.put(entry);
  try {
    const answer = await wallet.buy(entry.amount, 'play', entry.id);
    const state = answer.state === 'credited' ? 'there' : 'coming';
    await history.put({ ...entry, state });
    return state;
  } catch (error) {
    const { name, retry } = error as ProblemError;
    if (name === 'ProblemError' && !retry) await history.put({ ...entry, state: 'refused' });
    throw error;
  }
}
