import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outcomeShare } from '../src/domain/outcome-share.ts';
import { expireTips } from '../src/store/expire-tips.ts';
import { checkInvariants } from '../src/store/invariants.ts';
import { settleTip } from '../src/store/settle-tip.ts';
import { type TipToTake, takeTips } from '../src/store/take-tips.ts';
import { creditWallet, roomMoney, walletBalance } from '../src/store/wallets.ts';
import { tipLane } from '../src/tip-lane.ts';
import { type LedgerDatabase, ledgerDatabase } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer } from './viewer.ts';

const WALLETS = 3;
const ROOMS = 2;
const DURATION_MS = 1_000;
const RUNS = 25;

let db: LedgerDatabase;
beforeAll(async () => {
  db = await ledgerDatabase();
}, 60_000);
afterAll(() => db[Symbol.asyncDispose]());

const wallet = fc.nat(WALLETS - 1);
const tipAction = fc.record({
  kind: fc.constant('tip' as const),
  wallet,
  room: fc.nat(ROOMS - 1),
  amount: fc.bigInt({ min: 1n, max: 40n }),
  held: fc.boolean(),
});
const action = fc.oneof(
  { weight: 6, arbitrary: tipAction },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('buy' as const),
      wallet,
      amount: fc.bigInt({ min: 1n, max: 50n }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(30),
      result: fc.constantFrom('ran' as const, 'partly' as const, 'refused' as const),
      ranMs: fc.nat(DURATION_MS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), which: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat(30) }) },
);

function toTake(walletId: string, roomId: string, amount: bigint, held: boolean): TipToTake {
  return {
    tipId: newTipId(),
    roomId,
    walletId,
    amount,
    digest: Buffer.alloc(32),
    orderExpiresAt: Date.now() + 60_000,
    ...(held ? { effect: { durationMs: DURATION_MS, startWithinMs: 20_000 } } : {}),
    event: new Uint8Array(),
  };
}

async function fresh() {
  const viewers = await Promise.all(Array.from({ length: WALLETS }, () => newViewer(db.ledger, 0n)));
  return {
    walletIds: viewers.map(({ walletId }) => walletId),
    rooms: Array.from({ length: ROOMS }, newRoomId),
  };
}

const buy = (walletId: string, amount: bigint) =>
  creditWallet(db.ledger, { creditId: `credit_${randomUUID()}`, gateway: 'play', walletId, amount });

const end = (tip: TipToTake, result: 'ran' | 'partly' | 'refused', ranMs: number) => {
  const share = outcomeShare(tip.amount, DURATION_MS, result, ranMs);
  const [body, signature, publicKey] = [Buffer.from(result), Buffer.alloc(64), Buffer.alloc(32)] as const;
  const { tipId, roomId } = tip;
  return settleTip(db.ledger, { tipId, roomId, result, share, body, signature, publicKey });
};

async function expire(tip: TipToTake) {
  await db.ledger.query(
    "update tips set expires_at = now() - interval '1 s' where tip_id = $1 and result is null",
    [tip.tipId],
  );
  await expireTips(db.ledger, 100);
}

test('any history, one step at a time, leaves the balances that a few lines of arithmetic say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 40 }), async (history) => {
      const { walletIds, rooms } = await fresh();
      const available = walletIds.map(() => 0n);
      const earned = rooms.map(() => 0n);
      const tips: { tip: TipToTake; wallet: number; room: number; open: boolean }[] = [];
      for (const step of history) {
        if (step.kind === 'buy') {
          await buy(walletIds[step.wallet] as string, step.amount);
          available[step.wallet] = (available[step.wallet] ?? 0n) + step.amount;
        } else if (step.kind === 'tip') {
          const had = available[step.wallet] ?? 0n;
          const tip = toTake(
            walletIds[step.wallet] as string,
            rooms[step.room] as string,
            step.amount,
            step.held,
          );
          const [taken] = await takeTips(db.ledger, [tip]);
          expect(taken?.code).toBe(had >= step.amount ? 'accepted' : 'insufficient_tokens');
          if (had < step.amount) continue;
          available[step.wallet] = had - step.amount;
          if (!step.held) earned[step.room] = (earned[step.room] ?? 0n) + step.amount;
          tips.push({ tip, wallet: step.wallet, room: step.room, open: step.held });
        } else {
          const chosen = tips[step.which % Math.max(1, tips.length)];
          if (!chosen) continue;
          if (step.kind === 'again') {
            expect(await takeTips(db.ledger, [chosen.tip])).toMatchObject([{ code: 'again' }]);
          } else if (chosen.tip.effect) {
            const share =
              step.kind === 'end'
                ? outcomeShare(chosen.tip.amount, DURATION_MS, step.result, step.ranMs).settled
                : 0n;
            if (step.kind === 'end') await end(chosen.tip, step.result, step.ranMs);
            else await expire(chosen.tip);
            if (!chosen.open) continue;
            chosen.open = false;
            earned[chosen.room] = (earned[chosen.room] ?? 0n) + share;
            available[chosen.wallet] = (available[chosen.wallet] ?? 0n) + chosen.tip.amount - share;
          }
        }
      }
      const heldOf = (which: (tip: (typeof tips)[number]) => boolean) =>
        tips.filter((tip) => tip.open && which(tip)).reduce((sum, { tip }) => sum + tip.amount, 0n);
      for (const [i, walletId] of walletIds.entries())
        expect(await walletBalance(db.ledger, walletId)).toEqual({
          available: available[i],
          held: heldOf((tip) => tip.wallet === i),
        });
      for (const [i, room] of rooms.entries())
        expect(await roomMoney(db.ledger, room)).toEqual({
          earned: earned[i],
          held: heldOf((tip) => tip.room === i),
        });
      expect(await checkInvariants(db.ledger)).toEqual([]);
    }),
    { seed: 20_261_122, numRuns: RUNS },
  );
}, 120_000);

test('any history, all of it at once, keeps every rule of the ledger', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60 }), async (history) => {
      const { walletIds, rooms } = await fresh();
      for (const walletId of walletIds) await buy(walletId, 60n);
      const take = tipLane(db.ledger);
      const tips: TipToTake[] = [];
      await Promise.all(
        history.map(async (step) => {
          if (step.kind === 'buy') return void (await buy(walletIds[step.wallet] as string, step.amount));
          if (step.kind === 'tip') {
            const tip = toTake(
              walletIds[step.wallet] as string,
              rooms[step.room] as string,
              step.amount,
              step.held,
            );
            const taken = await take(tip);
            if (taken.code === 'accepted' && step.held) tips.push(tip);
            return;
          }
          // Whatever tips there are by now.
          await new Promise((resolve) => setImmediate(resolve));
          const chosen = tips[step.which % Math.max(1, tips.length)];
          if (!chosen) return;
          if (step.kind === 'again') await take(chosen);
          else if (step.kind === 'end') await end(chosen, step.result, step.ranMs);
          else await expire(chosen);
        }),
      );
      // Those that came after all the tips were taken, too.
      await Promise.all(tips.map((tip, i) => (i % 2 ? expire(tip) : end(tip, 'partly', i % DURATION_MS))));
      for (const walletId of walletIds)
        expect((await walletBalance(db.ledger, walletId)).available).toBeGreaterThanOrEqual(0n);
      expect(await checkInvariants(db.ledger)).toEqual([]);
    }),
    { seed: 20_261_123, numRuns: RUNS },
  );
}, 120_000);

test('the database itself refuses a wallet, an escrow or earnings below zero', async () => {
  const { walletIds, rooms } = await fresh();
  await buy(walletIds[0] as string, 10n);
  await takeTips(db.ledger, [toTake(walletIds[0] as string, rooms[0] as string, 10n, true)]);
  for (const owner of [walletIds[0], rooms[0]])
    await expect(
      db.ledger.query('update accounts set debits = credits + 1 where owner = $1', [owner]),
    ).rejects.toMatchObject({ constraint: 'never_below_zero' });
});
