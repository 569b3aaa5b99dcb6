import { expect, test } from '@jest/globals';
import { OUTCOME_GRACE_MS } from '@nightjar/contracts/effect';
import { TipResult } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { eventually } from '@nightjar/testkit/eventually';
import type pg from 'pg';
import { SWEEP_BATCH_MAX } from '../src/limits.ts';
import { expireTips } from '../src/store/expire-tips.ts';
import { checkInvariants } from '../src/store/invariants.ts';
import { takeTips } from '../src/store/take-tips.ts';
import { roomMoney, walletBalance } from '../src/store/wallets.ts';
import { outcome } from './bridge.ts';
import { ledgerDatabase, paymentsPlatform } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer, tipRequest } from './viewer.ts';

const DURATION_MS = 3_000;
const START_WITHIN_MS = 20_000;

/** As if it had been accepted that much earlier: the database's clock cannot be moved. */
async function age(ledger: pg.Pool, tipIds: string[], ms: number) {
  await ledger.query(
    `update tips set accepted_at = accepted_at - $2 * interval '1 ms', start_by = start_by - $2 * interval '1 ms',
       expires_at = expires_at - $2 * interval '1 ms' where tip_id = any ($1)`,
    [tipIds, ms],
  );
}

test('a hold ends at start deadline, duration and grace by the clock of the database, and not before', async () => {
  await using platform = await paymentsPlatform();
  await using _service = await platform.startPayments();
  const { ledger, rpc } = platform;
  const viewer = await newViewer(ledger, 100n);
  const roomId = newRoomId();
  const [late, early] = [newTipId(), newTipId()];
  for (const tipId of [late, early])
    await rpc.tip(
      await tipRequest(viewer, platform.sealTo, { roomId, tipId, amount: 10n, durationMs: DURATION_MS }),
    );
  const lifeMs = START_WITHIN_MS + DURATION_MS + OUTCOME_GRACE_MS;
  await age(ledger, [early], lifeMs - 10_000);
  await age(ledger, [late], lifeMs);
  await eventually(async () =>
    expect(await walletBalance(ledger, viewer.walletId)).toEqual({ available: 90n, held: 10n }),
  );
  const { events } = await rpc.listRoomEvents({ roomId, afterSeq: 2n });
  expect(events.map(({ body }) => body.value)).toMatchObject([
    { tipId: late, result: TipResult.EXPIRED, settled: 0n, returned: 10n, ranMs: 0 },
  ]);
  // The end belongs to the trace of the tip that it ends, though nobody asked for it.
  const traces = await ledger.query<{ trace: string }>(
    'select trace from outbox where room_id = $1 and seq in (1, 3) order by seq',
    [roomId],
  );
  expect(traces.rows[0]?.trace).toMatch(/^00-[0-9a-f]{32}-/);
  expect(traces.rows[1]?.trace).toBe(traces.rows[0]?.trace);

  // A late `ran` is recorded and not charged.
  const ran = await rpc.settle({
    tipId: late,
    roomId,
    outcome: await outcome(late, roomId, 'ran', DURATION_MS),
  });
  expect(ran.settled).toMatchObject({ result: TipResult.EXPIRED, settled: 0n, returned: 10n });
  const kept = await ledger.query('select counted from tip_outcomes where tip_id = $1', [late]);
  expect(kept.rows).toEqual([{ counted: false }]);
  expect(await roomMoney(ledger, roomId)).toEqual({ earned: 0n, held: 10n });
  expect(await checkInvariants(ledger)).toEqual([]);
}, 60_000);

test('an outcome after the time is too late, also before any sweeper came by', async () => {
  await using platform = await paymentsPlatform();
  const { ledger } = platform;
  // Nobody sweeps this one's room, since somebody is busy with it all the time.
  await using _service = await platform.startPayments();
  const viewer = await newViewer(ledger, 100n);
  const roomId = newRoomId();
  const tipId = newTipId();
  await platform.rpc.tip(
    await tipRequest(viewer, platform.sealTo, { roomId, tipId, amount: 10n, durationMs: DURATION_MS }),
  );
  const busy = await ledger.connect();
  await busy.query('begin');
  await busy.query('select from accounts where owner = $1 for update', [roomId]);
  await age(ledger, [tipId], 200_000);
  expect(await expireTips(ledger, SWEEP_BATCH_MAX)).toEqual([]);
  const settling = platform.rpc.settle({
    tipId,
    roomId,
    outcome: await outcome(tipId, roomId, 'ran', DURATION_MS),
  });
  await busy.query('rollback');
  busy.release();
  expect((await settling).settled).toMatchObject({ result: TipResult.EXPIRED, settled: 0n, returned: 10n });
  expect(await checkInvariants(ledger)).toEqual([]);
}, 60_000);

test('several sweepers at once give each hold back once', async () => {
  await using db = await ledgerDatabase();
  const { ledger } = db;
  const rooms = Array.from({ length: 7 }, newRoomId);
  const viewers = await Promise.all(Array.from({ length: 10 }, () => newViewer(ledger, 1_000n)));
  const tipIds: string[] = [];
  for (let round = 0; round < 20; round++) {
    const batch = viewers.map(({ walletId }, i) => ({
      tipId: newTipId(),
      roomId: rooms[(i + round) % rooms.length] as string,
      walletId,
      amount: 5n,
      digest: Buffer.alloc(32),
      orderExpiresAt: Date.now() + 60_000,
      effect: { durationMs: DURATION_MS, startWithinMs: START_WITHIN_MS },
      event: new Uint8Array(),
    }));
    await takeTips(ledger, batch);
    tipIds.push(...batch.map(({ tipId }) => tipId));
  }
  await age(ledger, tipIds, 200_000);
  const expired: string[] = [];
  await eventually(async () => {
    const turns = await Promise.all(Array.from({ length: 6 }, () => expireTips(ledger, 17)));
    expired.push(...turns.flat().map(({ tipId }) => tipId));
    expect(expired).toHaveLength(tipIds.length);
  });
  expect(new Set(expired)).toEqual(new Set(tipIds));
  for (const { walletId } of viewers)
    expect(await walletBalance(ledger, walletId)).toEqual({ available: 1_000n, held: 0n });
  expect(await checkInvariants(ledger)).toEqual([]);
}, 60_000);
