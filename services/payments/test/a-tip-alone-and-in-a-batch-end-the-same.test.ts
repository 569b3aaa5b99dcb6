import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RoomEventSchema } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import fc from 'fast-check';
import { checkInvariants } from '../src/store/invariants.ts';
import { type TakenTip, type TipToTake, takeTips } from '../src/store/take-tips.ts';
import { creditWallet, roomMoney, walletBalance } from '../src/store/wallets.ts';
import { type LedgerDatabase, ledgerDatabase } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer } from './viewer.ts';

const WALLETS = 4;
const ROOMS = 2;
const TOKENS = 50n;
const RUNS = 40;

let db: LedgerDatabase;
beforeAll(async () => {
  db = await ledgerDatabase();
}, 60_000);
afterAll(() => db[Symbol.asyncDispose]());

/** A batch has a wallet at most once, so it is one wish or none for each. */
const wish = fc.record({
  room: fc.nat(ROOMS - 1),
  amount: fc.bigInt({ min: 1n, max: 2n * TOKENS }),
  held: fc.boolean(),
  late: fc.boolean(),
  walletUnknown: fc.boolean(),
  /** What has happened to this tip before. */
  before: fc.constantFrom('nothing' as const, 'same' as const, 'otherRoom' as const, 'otherContent' as const),
});
const batch = fc.array(wish, { minLength: 2, maxLength: WALLETS });
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

test('a batch and its tips one by one have the same answers, events and balances', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async (wishes) => {
      const [together, oneByOne] = [await newWorld(wishes), await newWorld(wishes)];
      const answers = await takeTips(db.ledger, together.tips);
      const alone: TakenTip[] = [];
      for (const tip of oneByOne.tips) alone.push(...(await takeTips(db.ledger, [tip])));
      expect(alone.map(comparable)).toEqual(answers.map(comparable));
      expect(await oneByOne.money()).toEqual(await together.money());
      expect(await checkInvariants(db.ledger)).toEqual([]);
    }),
    { numRuns: RUNS, seed: 20261122 },
  );
});

/** Rooms, wallets and tips of their own, with what happened before already done. */
async function newWorld(wishes: readonly Wish[]) {
  const rooms = Array.from({ length: ROOMS }, newRoomId);
  const roomOf = (n: number) => rooms[n % ROOMS] as string;
  const viewers = await Promise.all(wishes.map(() => newViewer(db.ledger, TOKENS)));
  const tips: TipToTake[] = [];
  for (const [i, { room, amount, held, late, walletUnknown, before }] of wishes.entries()) {
    const walletId = viewers[i]?.walletId as string;
    const tip = { tipId: newTipId(), roomId: roomOf(room), walletId, amount, digest: Buffer.alloc(32, 1) };
    const rest = {
      orderExpiresAt: Date.now() + 60_000,
      ...(held ? { effect: { durationMs: 1_000, startWithinMs: 20_000 } } : {}),
      event: new Uint8Array(),
    };
    if (before !== 'nothing') {
      await creditWallet(db.ledger, { creditId: newTipId(), gateway: 'play', walletId, amount });
      const changed = {
        ...(before === 'otherRoom' ? { roomId: roomOf(room + 1) } : {}),
        ...(before === 'otherContent' ? { digest: Buffer.alloc(32, 2) } : {}),
      };
      await takeTips(db.ledger, [{ ...tip, ...rest, ...changed }]);
    }
    tips.push({
      ...tip,
      ...rest,
      ...(late ? { orderExpiresAt: Date.now() - 1 } : {}),
      ...(walletUnknown ? { walletId: `wallet_${newTipId()}` } : {}),
    });
  }
  return {
    tips,
    async money() {
      const wallets = viewers.map(({ walletId }) => walletBalance(db.ledger, walletId));
      return Promise.all([...wallets, ...rooms.map((roomId) => roomMoney(db.ledger, roomId))]);
    },
  };
}

/** An answer without what differs from moment to moment. */
function comparable(taken: TakenTip) {
  if (taken.code !== 'accepted' && taken.code !== 'again') return taken;
  const { code, seq, held, startBy, payload } = taken;
  const event = payload && fromBinary(RoomEventSchema, payload);
  const accepted = event?.body.case === 'tipAccepted' ? event.body.value : undefined;
  return {
    code,
    seq,
    held,
    starts: startBy !== null,
    event: event && {
      seq: event.seq,
      dated: event.at !== undefined,
      starts: accepted?.startBy !== undefined,
    },
  };
}
