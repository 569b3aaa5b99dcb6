import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { expireTips } from '../src/store/expire-tips.ts';
import { checkInvariants } from '../src/store/invariants.ts';
import { settleTip } from '../src/store/settle-tip.ts';
import { type TipToTake, takeTips } from '../src/store/take-tips.ts';
import { creditWallet } from '../src/store/wallets.ts';
import { ledgerDatabase } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer } from './viewer.ts';

const WALLETS = 12;
const ROUNDS = 60;
const WORKERS = 8;

/** Steps through a list from another place and in another stride for each worker, so that orders cross everywhere. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  return all
    .map((each, i) => ({ each, at: Math.imul(i + 1, 2_654_435_761 + seed * 40_503) >>> 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

test('batches over many rooms and wallets in any order, settlements, expiry and credits never deadlock', async () => {
  await using db = await ledgerDatabase();
  const { ledger } = db;
  const viewers = await Promise.all(Array.from({ length: WALLETS }, () => newViewer(ledger, 100_000n)));
  const open: TipToTake[] = [];

  async function work(worker: number) {
    for (let round = 0; round < ROUNDS; round++) {
      // Some rooms are new to everybody, and all come for them at once.
      const fresh = `room_${'0'.repeat(8)}-0000-4000-8000-${String(round).padStart(12, '0')}`;
      const rooms = [fresh, ...known];
      const batch = shuffled(viewers, worker + round).map(({ walletId }, i) => ({
        tipId: newTipId(),
        roomId: shuffled(rooms, worker * 7 + round)[i % rooms.length] as string,
        walletId,
        amount: 2n,
        digest: Buffer.alloc(32),
        orderExpiresAt: Date.now() + 60_000,
        ...(i % 3 ? { effect: { durationMs: 1_000, startWithinMs: 1_000 } } : {}),
        event: new Uint8Array(),
      }));
      const taken = await takeTips(ledger, batch);
      expect(taken.every(({ code }) => code === 'accepted')).toBe(true);
      open.push(...batch.filter(({ effect }) => effect));
      const due = open.splice(0, 4).map(({ tipId }) => tipId);
      await ledger.query("update tips set expires_at = now() - interval '1 s' where tip_id = any ($1)", [
        due,
      ]);
      const mine = open.splice(0, 2);
      await Promise.all([
        expireTips(ledger, 50),
        ...mine.map(({ tipId, roomId }) =>
          settleTip(ledger, {
            tipId,
            roomId,
            result: 'partly',
            share: { settled: 1n, ranMs: 500 },
            body: Buffer.from(tipId),
            signature: Buffer.alloc(64),
            publicKey: Buffer.alloc(32),
          }),
        ),
        creditWallet(ledger, {
          creditId: `credit_${randomUUID()}`,
          gateway: 'play',
          walletId: (viewers[round % WALLETS] as (typeof viewers)[number]).walletId,
          amount: 5n,
        }),
      ]);
    }
  }
  const known = Array.from({ length: 6 }, newRoomId);
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));

  // Each connection tells its counts within a second of its last work.
  await eventually(async () => {
    await ledger.query('select pg_stat_force_next_flush()');
    const { rows } = await ledger.query<{ commits: bigint; deadlocks: bigint }>(
      'select xact_commit as commits, deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(Number(rows[0]?.commits)).toBeGreaterThan(WORKERS * ROUNDS * 5);
    expect(rows[0]?.deadlocks).toBe(0n);
  });
  expect(await checkInvariants(ledger)).toEqual([]);
}, 120_000);
