import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeProof } from '@nightjar/sealed/request-proof';
import { eventually } from '@nightjar/testkit/eventually';
import { PURCHASE_TOKENS_MAX } from '../src/limits.ts';
import { postDueCredits } from '../src/purchases.ts';
import { checkInvariants } from '../src/store/invariants.ts';
import { recordPaid, startPurchase } from '../src/store/purchases.ts';
import { creditWallet, walletBalance } from '../src/store/wallets.ts';
import { type AskOptions, askOf, newIdempotencyKey } from './http.ts';
import { type PaymentsPlatform, paymentsPlatform } from './payments-under-test.ts';
import { newViewer, type Viewer } from './viewer.ts';

let stack: AsyncDisposableStack;
let platform: PaymentsPlatform;
let ask: ReturnType<typeof askOf>;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  platform = stack.use(await paymentsPlatform());
  const service = stack.use(await platform.startPayments());
  ask = askOf(service.urls.http);
}, 60_000);
afterAll(() => stack.disposeAsync());

const buy = ({ walletId, keys }: Viewer, amount: string, options: AskOptions = {}, gateway = 'play') =>
  ask('POST', `/v1/wallets/${walletId}/purchases`, { keys, body: { gateway, amount }, ...options });

const available = async ({ walletId }: Viewer) => (await walletBalance(platform.ledger, walletId)).available;

async function billingRows(table: string) {
  const { rows } = await platform.billing.query(`select * from ${table}`);
  return rows;
}

test('one key buys once, however often and at the same moment it is sent', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  const idempotencyKey = newIdempotencyKey();
  const answers = await Promise.all(Array.from({ length: 20 }, () => buy(viewer, '250', { idempotencyKey })));
  for (const { status } of answers) expect(status).toBe(200);
  expect(new Set(answers.map(({ body }) => body.purchaseId)).size).toBe(1);
  await eventually(async () =>
    expect((await buy(viewer, '250', { idempotencyKey })).body).toMatchObject({
      amount: '250',
      state: 'credited',
    }),
  );
  expect(await available(viewer)).toBe(250n);
  expect(await checkInvariants(platform.ledger)).toEqual([]);
});

test('the credit is in the wallet when the answer says so', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  for (let i = 1; i <= 5; i++) {
    const { body } = await buy(viewer, '10', { idempotencyKey: newIdempotencyKey() });
    expect(body.state).toBe('credited');
    expect(await available(viewer)).toBe(BigInt(i * 10));
  }
});

test('a key stands for one purchase of one wallet', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  const idempotencyKey = newIdempotencyKey();
  await buy(viewer, '10', { idempotencyKey });
  expect(await buy(viewer, '11', { idempotencyKey })).toMatchObject({
    status: 409,
    body: { code: 'idempotency_key_reused' },
  });
  const other = await newViewer(platform.ledger, 0n);
  expect((await buy(other, '10', { idempotencyKey })).status).toBe(200);
  expect([await available(viewer), await available(other)]).toEqual([10n, 10n]);
});

test('a proof that somebody caught buys nothing more under another key', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  const path = `/v1/wallets/${viewer.walletId}/purchases`;
  const body = { gateway: 'play', amount: '10' };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const proof = await makeProof(viewer.keys, { method: 'POST', path, body: bytes }, { now: Date.now() });
  const idempotencyKey = newIdempotencyKey();
  expect((await ask('POST', path, { proof, body, idempotencyKey })).status).toBe(200);
  expect((await ask('POST', path, { proof, body, idempotencyKey })).status).toBe(200);
  const again = await ask('POST', path, { proof, body, idempotencyKey: newIdempotencyKey() });
  expect(again).toMatchObject({ status: 409, body: { code: 'proof_used' } });
  expect(await available(viewer)).toBe(10n);
});

test('what is not of the documented form is refused by a code', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  const idempotencyKey = newIdempotencyKey();
  expect((await buy(viewer, '10')).body.code).toBe('idempotency_key_missing');
  expect((await buy(viewer, '10', { idempotencyKey: 'short' })).body.code).toBe('idempotency_key_missing');
  for (const amount of ['0', '-1', '1.5', 'ten', '']) {
    const answer = await buy(viewer, amount, { idempotencyKey });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  }
  const tooMany = (PURCHASE_TOKENS_MAX + 1n).toString();
  expect((await buy(viewer, tooMany, { idempotencyKey })).body.code).toBe('amount_out_of_range');
  expect((await buy(viewer, '10', { idempotencyKey }, 'other')).body.code).toBe('gateway_unknown');
  expect(await available(viewer)).toBe(0n);
});

/** A purchase that a process left behind when it was killed, at each place where it can be. */
async function abandoned(viewer: Viewer, how: { paid: boolean; posted: boolean }) {
  const purchaseId = `purchase_${randomUUID()}`;
  const creditId = `credit_${randomUUID()}`;
  const { walletId } = viewer;
  const amount = 10n;
  const bytes = () => Buffer.from(randomUUID().replaceAll('-', '').repeat(2), 'hex');
  const purchase = { purchaseId, creditId, walletId, gateway: 'play', amount };
  await startPurchase(platform.billing, { ...purchase, idempotency: bytes(), proof: bytes() });
  if (how.paid)
    await recordPaid(platform.billing, {
      ...purchase,
      eventId: `play-${purchaseId}`,
      raw: Buffer.from('{}'),
    });
  if (how.posted) await creditWallet(platform.ledger, purchase);
  return purchaseId;
}

test('a purchase that was left half done is credited once by the poster; one that was not paid is not', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  const left = await Promise.all([
    abandoned(viewer, { paid: true, posted: false }),
    abandoned(viewer, { paid: true, posted: true }),
    abandoned(viewer, { paid: false, posted: false }),
  ]);
  // Beside the poster of the service, which runs all the time.
  await Promise.all(Array.from({ length: 5 }, () => postDueCredits(platform, 100)));
  await eventually(async () => {
    const { rows } = await platform.billing.query<{ state: string }>(
      'select state from purchases where purchase_id = any ($1) order by array_position($1, purchase_id)',
      [left],
    );
    expect(rows.map(({ state }) => state)).toEqual(['credited', 'credited', 'started']);
  });
  expect(await available(viewer)).toBe(20n);
  expect(await checkInvariants(platform.ledger)).toEqual([]);
});

test('a gateway`s event is kept once, and one with another amount pays nothing', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  const purchaseId = await abandoned(viewer, { paid: false, posted: false });
  const event = { gateway: 'play', eventId: randomUUID(), purchaseId, raw: Buffer.from('word for word') };
  expect(await recordPaid(platform.billing, { ...event, amount: 9n })).toBe(false);
  const paid = { ...event, eventId: randomUUID(), amount: 10n };
  const recorded = await Promise.all(Array.from({ length: 10 }, () => recordPaid(platform.billing, paid)));
  expect(recorded.filter(Boolean)).toHaveLength(1);
  await eventually(async () => expect(await available(viewer)).toBe(10n));
  const kept = await platform.billing.query('select raw from gateway_events where purchase_id = $1', [
    purchaseId,
  ]);
  expect(kept.rows.map(({ raw }) => String(raw))).toEqual(['word for word', 'word for word']);
  await expect(platform.billing.query("update gateway_events set raw = ''")).rejects.toMatchObject({
    code: '23001',
  });
  await expect(platform.billing.query('delete from gateway_events')).rejects.toMatchObject({ code: '23001' });
});

test('once credited, billing holds nothing that names the wallet, and the ledger nothing of the purchase', async () => {
  const viewer = await newViewer(platform.ledger, 0n);
  const idempotencyKey = newIdempotencyKey();
  const { body } = await buy(viewer, '10', { idempotencyKey });
  const billing = JSON.stringify(
    [await billingRows('purchases'), await billingRows('gateway_events'), await billingRows('credit_orders')],
    (_key, value) => (typeof value === 'bigint' ? value.toString() : value),
  );
  expect(billing).toContain(body.purchaseId);
  expect(billing).not.toContain(viewer.walletId);
  const { rows } = await platform.ledger.query('select t::text as line from transfers t');
  expect(JSON.stringify(rows)).not.toContain(body.purchaseId);
});
