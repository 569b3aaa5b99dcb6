import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';

export type PurchaseState = 'started' | 'paid' | 'credited';

export interface NewPurchase {
  readonly purchaseId: string;
  readonly creditId: string;
  readonly walletId: string;
  readonly gateway: string;
  readonly amount: bigint;
  /** SHA-256 over wallet and Idempotency-Key. */
  readonly idempotency: Buffer;
  /** SHA-256 over the proof's id. */
  readonly proof: Buffer;
}

export type StartedPurchase =
  | { readonly code: 'started' | 'again'; readonly purchaseId: string; readonly state: PurchaseState }
  | { readonly code: 'idempotency_key_reused' | 'proof_used' };

export interface CreditOrder {
  readonly creditId: string;
  readonly walletId: string;
  readonly gateway: string;
  readonly amount: bigint;
}

/** A gateway's verified word that a purchase was paid, with what it sent. */
export interface PaidEvent {
  readonly gateway: string;
  readonly eventId: string;
  readonly purchaseId: string;
  readonly amount: bigint;
  readonly raw: Uint8Array;
}

/** Begins a purchase, or finds the one that was begun with the same key. Throws Problem `unavailable`. */
export async function startPurchase(billing: pg.Pool, purchase: NewPurchase): Promise<StartedPurchase> {
  const { purchaseId, creditId, walletId, gateway, amount, idempotency, proof } = purchase;
  const { rows } = await withPostgres(() =>
    billing.query<StartedPurchase>(
      'select code, purchase_id as "purchaseId", state from start_purchase($1, $2, $3, $4, $5, $6, $7)',
      [purchaseId, creditId, walletId, gateway, amount, idempotency, proof],
    ),
  );
  const started = rows[0];
  if (!started) throw new Error('start_purchase answered nothing');
  const { code } = started;
  return code === 'started' || code === 'again' ? started : { code };
}

/** Of a purchase that exists. Throws Problem `unavailable`. */
export async function purchaseState(billing: pg.Pool, purchaseId: string): Promise<PurchaseState> {
  const { rows } = await withPostgres(() =>
    billing.query<{ state: PurchaseState }>('select state from purchases where purchase_id = $1', [
      purchaseId,
    ]),
  );
  const state = rows[0]?.state;
  if (!state) throw new Error('a purchase that was started is not there');
  return state;
}

/** Keeps the event and makes the purchase's credit due; answers whether it was this call. Throws Problem `unavailable`. */
export async function recordPaid(billing: pg.Pool, event: PaidEvent): Promise<boolean> {
  const { gateway, eventId, purchaseId, amount, raw } = event;
  const { rows } = await withPostgres(() =>
    billing.query<{ first: boolean }>('select record_paid($1, $2, $3, $4, $5) as first', [
      gateway,
      eventId,
      purchaseId,
      amount,
      Buffer.from(raw),
    ]),
  );
  return rows[0]?.first === true;
}

const CREDIT = 'credit_id as "creditId", wallet_id as "walletId", gateway, amount';

/** Credits that the ledger may not have yet. Throws Problem `unavailable`. */
export async function dueCredits(billing: pg.Pool, ordersMax: number): Promise<CreditOrder[]> {
  const { rows } = await withPostgres(() =>
    billing.query<CreditOrder>(`select ${CREDIT} from credit_orders where due limit $1`, [ordersMax]),
  );
  return rows;
}

export async function dueCreditOf(billing: pg.Pool, purchaseId: string): Promise<CreditOrder | undefined> {
  const { rows } = await withPostgres(() =>
    billing.query<CreditOrder>(`select ${CREDIT} from credit_orders where due and purchase_id = $1`, [
      purchaseId,
    ]),
  );
  return rows[0];
}

/** To be called once the ledger has the credit: forgets whose it was. Safe to repeat. Throws Problem `unavailable`. */
export async function finishCredit(billing: pg.Pool, creditId: string): Promise<void> {
  await withPostgres(() => billing.query('select finish_credit($1)', [creditId]));
}
