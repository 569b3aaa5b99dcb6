import { createHash } from 'node:crypto';
import type { Context } from './context.ts';
import { paymentsProblem } from './errors.ts';
import type { Gateway, RawEvent } from './gateways/gateway.ts';
import {
  type CreditOrder,
  dueCreditOf,
  dueCredits,
  finishCredit,
  type PurchaseState,
  purchaseState,
  recordPaid,
  startPurchase,
} from './store/purchases.ts';
import { creditWallet } from './store/wallets.ts';

type Money = Pick<Context, 'ledger' | 'billing'>;

export interface PurchaseOrder {
  readonly walletId: string;
  readonly gateway: string;
  readonly amount: bigint;
  readonly idempotencyKey: string;
  /** The request proof's own id. */
  readonly proofId: string;
}

export interface Purchase {
  readonly purchaseId: string;
  readonly state: PurchaseState;
}

/**
 * Buys tokens. Each step is safe to repeat and knows by itself whether it was done, so a crash between any two of them
 * leaves something that the same request, or the poster, finishes. Throws Problem: gateway_unknown,
 * idempotency_key_reused, proof_used, unavailable.
 */
export async function buy(
  context: Money & Pick<Context, 'gateways' | 'id'>,
  order: PurchaseOrder,
): Promise<Purchase> {
  const { walletId, amount, idempotencyKey, proofId } = order;
  const gateway = context.gateways.get(order.gateway);
  if (!gateway) throw paymentsProblem('gateway_unknown');
  const started = await startPurchase(context.billing, {
    purchaseId: context.id('purchase'),
    creditId: context.id('credit'),
    walletId,
    gateway: gateway.name,
    amount,
    idempotency: sha256(`${walletId}\n${idempotencyKey}`),
    proof: sha256(proofId),
  });
  if (!('purchaseId' in started)) throw paymentsProblem(started.code);
  const { purchaseId } = started;
  if (started.state === 'credited') return { purchaseId, state: 'credited' };
  if (started.state === 'started') {
    const event = await gateway.begin({ purchaseId, amount });
    if (event) await takeGatewayEvent(context, gateway, event);
  }
  const credit = await dueCreditOf(context.billing, purchaseId);
  if (credit) await postCredit(context, credit);
  return { purchaseId, state: await purchaseState(context.billing, purchaseId) };
}

/** Keeps a gateway's event once and makes its purchase's credit due. Answers false for what is not the gateway's word. */
export async function takeGatewayEvent(
  { billing }: Pick<Context, 'billing'>,
  gateway: Gateway,
  raw: RawEvent,
): Promise<boolean> {
  const event = gateway.read(raw);
  if (!event) return false;
  const { eventId, purchaseId, amount } = event;
  await recordPaid(billing, { gateway: gateway.name, eventId, purchaseId, amount, raw: raw.bytes });
  return true;
}

/** Posts credits that a crash or an absent ledger left behind; answers whether there may be more. */
export async function postDueCredits(context: Money, ordersMax: number): Promise<boolean> {
  const due = await dueCredits(context.billing, ordersMax);
  for (const credit of due) await postCredit(context, credit);
  return due.length === ordersMax;
}

/** Two roles, so no one transaction: the ledger posts once per credit id, and only then billing forgets the order. */
async function postCredit({ ledger, billing }: Money, credit: CreditOrder): Promise<void> {
  await creditWallet(ledger, credit);
  await finishCredit(billing, credit.creditId);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
