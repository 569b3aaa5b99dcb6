import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TipResult } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { OUTCOMES_PER_TIP_MAX } from '../src/limits.ts';
import { checkInvariants } from '../src/store/invariants.ts';
import { roomMoney, walletBalance } from '../src/store/wallets.ts';
import { outcome } from './bridge.ts';
import { type PaymentsPlatform, paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer, tipRequest } from './viewer.ts';

const DURATION_MS = 3_000;
let stack: AsyncDisposableStack;
let platform: PaymentsPlatform;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  platform = stack.use(await paymentsPlatform());
  stack.use(await platform.startPayments());
}, 60_000);
afterAll(() => stack.disposeAsync());

async function heldTip(amount = 10n) {
  const viewer = await newViewer(platform.ledger, 100n);
  const roomId = newRoomId();
  const tipId = newTipId();
  await platform.rpc.tip(
    await tipRequest(viewer, platform.sealTo, { roomId, tipId, amount, durationMs: DURATION_MS }),
  );
  return { viewer, roomId, tipId };
}

async function evidence(tipId: string) {
  const { rows } = await platform.ledger.query<{ counted: boolean }>(
    'select counted from tip_outcomes where tip_id = $1 order by at',
    [tipId],
  );
  return rows.map(({ counted }) => counted);
}

test.each([
  ['ran', DURATION_MS, 10n, 0n, TipResult.RAN, DURATION_MS],
  ['partly', 1_000, 3n, 7n, TipResult.PARTLY, 1_000],
  ['partly', 299, 0n, 10n, TipResult.PARTLY, 299],
  ['partly', DURATION_MS - 1, 9n, 1n, TipResult.PARTLY, DURATION_MS - 1],
  ['expired', 0, 0n, 10n, TipResult.EXPIRED, 0],
  ['refused', 0, 0n, 10n, TipResult.REFUSED, 0],
] as const)(
  '%s after %i ms: %i to the room, %i back',
  async (said, saidMs, settled, returned, result, ranMs) => {
    const { viewer, roomId, tipId } = await heldTip();
    const answer = await platform.rpc.settle({
      tipId,
      roomId,
      outcome: await outcome(tipId, roomId, said, DURATION_MS, saidMs),
    });
    expect(answer.settled).toMatchObject({ tipId, result, settled, returned, ranMs });
    expect(await roomMoney(platform.ledger, roomId)).toEqual({ earned: settled, held: 0n });
    expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({
      available: 90n + returned,
      held: 0n,
    });
    const { events } = await platform.rpc.listRoomEvents({ roomId, afterSeq: 1n });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ roomId, seq: 2n, body: { case: 'tipSettled', value: answer.settled } });
    expect(await checkInvariants(platform.ledger)).toEqual([]);
  },
);

test('the same outcome a hundred times at once settles once and answers the same', async () => {
  const { viewer, roomId, tipId } = await heldTip();
  const signed = await outcome(tipId, roomId, 'ran', DURATION_MS);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => platform.rpc.settle({ tipId, roomId, outcome: signed })),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await roomMoney(platform.ledger, roomId)).toEqual({ earned: 10n, held: 0n });
  expect(await walletBalance(platform.ledger, viewer.walletId)).toEqual({ available: 90n, held: 0n });
  expect((await platform.rpc.listRoomEvents({ roomId })).events).toHaveLength(2);
  expect(await evidence(tipId)).toEqual([true]);
});

test('what came first stands, and later outcomes are kept as evidence, but not without end', async () => {
  const { roomId, tipId } = await heldTip();
  const first = await platform.rpc.settle({
    tipId,
    roomId,
    outcome: await outcome(tipId, roomId, 'refused', DURATION_MS),
  });
  for (let i = 0; i < OUTCOMES_PER_TIP_MAX + 3; i++) {
    const later = await outcome(tipId, roomId, 'ran', DURATION_MS, DURATION_MS, 1_800_000_000_000 + i);
    expect(await platform.rpc.settle({ tipId, roomId, outcome: later })).toEqual(first);
  }
  const kept = await evidence(tipId);
  expect(kept).toHaveLength(OUTCOMES_PER_TIP_MAX);
  expect(kept.filter(Boolean)).toHaveLength(1);
  expect(await roomMoney(platform.ledger, roomId)).toEqual({ earned: 0n, held: 0n });
  expect(await checkInvariants(platform.ledger)).toEqual([]);
});

test('an outcome of another tip, room, length or hand settles nothing', async () => {
  const { roomId, tipId } = await heldTip();
  const other = await heldTip();
  const good = await outcome(tipId, roomId, 'ran', DURATION_MS);
  const settle = (tip: string, room: string, signed: typeof good | undefined) =>
    platform.rpc.settle({ tipId: tip, roomId: room, ...(signed ? { outcome: signed } : {}) });
  const bent = { ...good, signature: good.signature.slice().reverse() };
  for (const [signed, code] of [
    [undefined, 'outcome_invalid'],
    [bent, 'outcome_invalid'],
    [await outcome(other.tipId, roomId, 'ran', DURATION_MS), 'outcome_invalid'],
    [await outcome(tipId, other.roomId, 'ran', DURATION_MS), 'outcome_invalid'],
    // A third of the effect called the whole of it.
    [await outcome(tipId, roomId, 'ran', DURATION_MS / 3), 'outcome_invalid'],
  ] as const)
    await expect(settle(tipId, roomId, signed)).rejects.toMatchObject({ code });
  const elsewhere = await outcome(tipId, other.roomId, 'ran', DURATION_MS);
  await expect(settle(tipId, other.roomId, elsewhere)).rejects.toMatchObject({
    code: 'tip_not_found',
    kind: 'not_found',
  });
  const unknown = newTipId();
  await expect(
    settle(unknown, roomId, await outcome(unknown, roomId, 'ran', DURATION_MS)),
  ).rejects.toMatchObject({ code: 'tip_not_found' });
  expect(await roomMoney(platform.ledger, roomId)).toEqual({ earned: 0n, held: 10n });
  expect(await evidence(tipId)).toEqual([]);
});

test('an outcome changes nothing about a tip that was paid at once', async () => {
  const viewer = await newViewer(platform.ledger, 100n);
  const roomId = newRoomId();
  const tipId = newTipId();
  await platform.rpc.tip(await tipRequest(viewer, platform.sealTo, { roomId, tipId, amount: 10n }));
  const answer = await platform.rpc.settle({
    tipId,
    roomId,
    outcome: await outcome(tipId, roomId, 'refused', DURATION_MS),
  });
  expect(answer.settled).toMatchObject({ result: TipResult.PAID, settled: 10n, returned: 0n });
  expect((await platform.rpc.listRoomEvents({ roomId })).events).toHaveLength(1);
  expect(await evidence(tipId)).toEqual([]);
});
