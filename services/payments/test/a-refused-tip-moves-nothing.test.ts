import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateSigningKeyPair } from '@nightjar/sealed/keys';
import { rotateSealKeys } from '@nightjar/sealed/node/seal-keys';
import { TIP_TOKENS_MAX } from '../src/limits.ts';
import { checkInvariants } from '../src/store/invariants.ts';
import { walletBalance } from '../src/store/wallets.ts';
import { type PaymentsPlatform, paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer, type TipWish, tipRequest, type Viewer } from './viewer.ts';

let stack: AsyncDisposableStack;
let platform: PaymentsPlatform;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  platform = stack.use(await paymentsPlatform());
  stack.use(await platform.startPayments());
}, 60_000);
afterAll(() => stack.disposeAsync());

async function send(viewer: Viewer, wish: TipWish, change: object = {}) {
  return platform.rpc.tip({ ...(await tipRequest(viewer, platform.sealTo, wish)), ...change });
}

async function expectUntouched(viewer: Viewer, roomId: string, available: bigint) {
  expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({ available, held: 0n });
  expect((await platform.rpc.listRoomEvents({ roomId })).events).toEqual([]);
  expect(await checkInvariants(platform.ledger)).toEqual([]);
}

test('a tip of more tokens than there are is refused', async () => {
  const viewer = await newViewer(platform.ledger, 9n);
  const roomId = newRoomId();
  for (const durationMs of [1_000, undefined])
    await expect(
      send(viewer, { roomId, amount: 10n, ...(durationMs ? { durationMs } : {}) }),
    ).rejects.toMatchObject({ code: 'insufficient_tokens', kind: 'refused', retry: false });
  await expectUntouched(viewer, roomId, 9n);
});

test('of two tips for the last tokens one is taken, in different rooms and at different pods', async () => {
  await using _second = await platform.startPayments();
  for (let round = 0; round < 20; round++) {
    const viewer = await newViewer(platform.ledger, 10n);
    const wishes = [newRoomId(), newRoomId()].map((roomId) => ({ roomId, amount: 10n, durationMs: 1_000 }));
    const ends = await Promise.allSettled(wishes.map((wish) => send(viewer, wish)));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'insufficient_tokens' },
    });
    expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({ available: 0n, held: 10n });
  }
  expect(await checkInvariants(platform.ledger)).toEqual([]);
});

test('an id that stands for another tip is refused, whatever is different', async () => {
  const viewer = await newViewer(platform.ledger, 100n);
  const other = await newViewer(platform.ledger, 100n);
  const wish = { roomId: newRoomId(), amount: 10n, tipId: newTipId(), durationMs: 1_000, note: 'one' };
  await send(viewer, wish);
  const others: [Viewer, TipWish][] = [
    [viewer, { ...wish, roomId: newRoomId() }],
    [viewer, { ...wish, amount: 11n }],
    [viewer, { ...wish, note: 'two' }],
    [viewer, { roomId: wish.roomId, amount: wish.amount, tipId: wish.tipId, note: wish.note }],
    [other, wish],
  ];
  for (const [who, what] of others)
    await expect(send(who, what)).rejects.toMatchObject({ code: 'tip_id_taken', kind: 'conflict' });
  expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({ available: 90n, held: 10n });
  expect(await walletBalance(platform.ledger, other.walletId)).toEqual({ available: 100n, held: 0n });
});

test('an order must be for this tip, signed by its wallet, and in time', async () => {
  const viewer = await newViewer(platform.ledger, 100n);
  const thief = await generateSigningKeyPair({ extractable: false });
  const roomId = newRoomId();
  const wish = { roomId, amount: 10n, durationMs: 1_000 };
  const refusals: [TipWish, string][] = [
    [{ ...wish, signer: thief }, 'tip_order_invalid'],
    [{ ...wish, lie: { amount: 9n } }, 'tip_order_invalid'],
    [{ ...wish, lie: { itemId: 'other' } }, 'tip_order_invalid'],
    [{ ...wish, lie: { tipId: newTipId() } }, 'tip_order_invalid'],
    [{ ...wish, lie: { roomId: newRoomId() } }, 'tip_order_invalid'],
    [{ ...wish, lie: { expiresAt: Date.now() - 1_000 } }, 'tip_order_expired'],
    [{ ...wish, lie: { walletId: 'wallet_00000000-0000-4000-8000-000000000000' } }, 'wallet_unknown'],
  ];
  for (const [lie, code] of refusals) await expect(send(viewer, lie)).rejects.toMatchObject({ code });
  // Carried over into another room, or to another key, it does not open.
  await expect(send(viewer, wish, { roomId: newRoomId() })).rejects.toMatchObject({
    code: 'tip_order_invalid',
  });
  await expect(send(viewer, wish, { tipId: newTipId() })).rejects.toMatchObject({
    code: 'tip_order_invalid',
  });
  const { current } = await rotateSealKeys();
  await expect(platform.rpc.tip(await tipRequest(viewer, current, wish))).rejects.toMatchObject({
    code: 'tip_order_key_unknown',
  });
  await expectUntouched(viewer, roomId, 100n);
});

test('what is out of its limits is refused before anything is opened', async () => {
  const viewer = await newViewer(platform.ledger, 100n);
  const roomId = newRoomId();
  const wish = { roomId, amount: 10n, durationMs: 1_000 };
  for (const amount of [0n, TIP_TOKENS_MAX + 1n])
    await expect(send(viewer, wish, { amount })).rejects.toMatchObject({ code: 'amount_out_of_range' });
  const malformed = [
    { tipId: 'tip_1' },
    { roomId: 'lamp-abc' },
    { order: undefined },
    { sender: new Uint8Array(5_000) },
    { note: { scheme: 'x', keyId: 'k', bytes: new Uint8Array(10_000) } },
    { item: { itemId: 'buzz', name: 'Buzz', effect: { durationMs: 0 }, startWithinMs: 1_000 } },
    { item: { itemId: 'buzz', name: 'Buzz', effect: { durationMs: 1_000 }, startWithinMs: 0 } },
    { item: { itemId: 'buzz', name: 'Buzz', effect: { durationMs: 10_000_000 }, startWithinMs: 1_000 } },
  ];
  for (const change of malformed)
    await expect(send(viewer, wish, change)).rejects.toMatchObject({ code: 'malformed_request' });
  await expectUntouched(viewer, roomId, 100n);
});
