import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkInvariants } from '../src/store/invariants.ts';
import { walletBalance } from '../src/store/wallets.ts';
import { type PaymentsPlatform, paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer, START_WITHIN_MS, tipRequest } from './viewer.ts';

let stack: AsyncDisposableStack;
let platform: PaymentsPlatform;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  platform = stack.use(await paymentsPlatform());
  stack.use(await platform.startPayments());
  stack.use(await platform.startPayments());
}, 60_000);
afterAll(() => stack.disposeAsync());

test('a hundred requests with one id at two pods make one hold, one receipt and one event', async () => {
  const viewer = await newViewer(platform.ledger, 1_000n);
  const roomId = newRoomId();
  const request = await tipRequest(viewer, platform.sealTo, { roomId, amount: 25n, durationMs: 4_000 });
  const receipts = await Promise.all(Array.from({ length: 100 }, () => platform.rpc.tip(request)));
  expect(
    new Set(receipts.map((receipt) => `${receipt.seq} ${receipt.held} ${receipt.startBy?.seconds}`)).size,
  ).toBe(1);
  expect(receipts[0]).toMatchObject({ seq: 1n, held: true });
  expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({ available: 975n, held: 25n });
  const { events } = await platform.rpc.listRoomEvents({ roomId });
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    roomId,
    seq: 1n,
    body: {
      case: 'tipAccepted',
      value: {
        tipId: request.tipId,
        amount: 25n,
        held: true,
        item: { itemId: 'buzz', startWithinMs: START_WITHIN_MS },
      },
    },
  });
  const accepted = events[0]?.body.value;
  if (events[0]?.body.case !== 'tipAccepted' || accepted?.$typeName !== 'nightjar.payments.v1.TipAccepted')
    throw new Error('not an acceptance');
  // The ledger writes these itself, by its own clock.
  expect(accepted.startBy).toEqual(receipts[0]?.startBy);
  expect(Number(events[0].at?.seconds) * 1000).toBeGreaterThan(Date.now() - 60_000);
  expect(accepted.startBy?.seconds).toBe((events[0].at?.seconds ?? 0n) + BigInt(START_WITHIN_MS / 1000));
  expect(await checkInvariants(platform.ledger)).toEqual([]);
});

test('a tip without an effect is paid at once, with one event, also when it is sealed anew', async () => {
  const viewer = await newViewer(platform.ledger, 100n);
  const roomId = newRoomId();
  const wish = { roomId, amount: 40n, tipId: newTipId(), note: 'ciphertext' };
  const first = await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, wish));
  const again = await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, wish));
  expect(first).toMatchObject({ seq: 1n, held: false });
  expect(first.startBy).toBeUndefined();
  expect(again).toEqual(first);
  const { events } = await platform.rpc.listRoomEvents({ roomId });
  expect(events.map(({ body }) => body.case)).toEqual(['tipAccepted']);
  expect(events[0]?.body.value).toMatchObject({ held: false, amount: 40n, note: { scheme: 'test' } });
  expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({ available: 60n, held: 0n });
  expect(await checkInvariants(platform.ledger)).toEqual([]);
});

test('the same tip again answers its receipt after its order ended and its tokens are gone', async () => {
  const viewer = await newViewer(platform.ledger, 10n);
  const wish = { roomId: newRoomId(), amount: 10n, tipId: newTipId(), durationMs: 1_000 };
  const first = await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, wish));
  const late = await tipRequest(viewer, platform.sealTo, { ...wish, lie: { expiresAt: Date.now() - 1 } });
  expect(await platform.rpc.tip(late)).toEqual(first);
});

test('one id at the same moment in two rooms is one tip', async () => {
  for (let round = 0; round < 20; round++) {
    const viewer = await newViewer(platform.ledger, 100n);
    const tipId = newTipId();
    const requests = await Promise.all(
      [newRoomId(), newRoomId()].map((roomId) =>
        tipRequest(viewer, platform.sealTo, { roomId, amount: 10n, tipId, durationMs: 1_000 }),
      ),
    );
    const ends = await Promise.allSettled(requests.map((request) => platform.rpc.tip(request)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'tip_id_taken' },
    });
    expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({ available: 90n, held: 10n });
  }
  expect(await checkInvariants(platform.ledger)).toEqual([]);
});
