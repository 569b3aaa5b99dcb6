import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findViolations } from '../src/store/invariants.ts';
import { settleTip } from '../src/store/settle-tip.ts';
import { takeTips } from '../src/store/take-tips.ts';
import { type LedgerDatabase, ledgerDatabase } from './payments-under-test.ts';
import { newRoomId, newTipId, newViewer } from './viewer.ts';

let db: LedgerDatabase;
beforeAll(async () => {
  db = await ledgerDatabase();
  const { walletId } = await newViewer(db.ledger, 100n);
  const roomId = newRoomId();
  const [ran, held] = [newTipId(), newTipId()];
  for (const tipId of [ran, held])
    await takeTips(db.ledger, [
      {
        tipId,
        roomId,
        walletId,
        amount: 10n,
        digest: Buffer.alloc(32),
        orderExpiresAt: Date.now() + 60_000,
        effect: { durationMs: 1_000, startWithinMs: 1_000 },
        event: new Uint8Array(),
      },
    ]);
  await settleTip(db.ledger, {
    tipId: ran,
    roomId,
    result: 'ran',
    share: { settled: 10n, ranMs: 1_000 },
    body: Buffer.from('body'),
    signature: Buffer.alloc(64),
    publicKey: Buffer.alloc(32),
  });
}, 60_000);
afterAll(() => db[Symbol.asyncDispose]());

test.each([
  'update transfers set amount = amount + 1',
  'delete from transfers',
  'truncate transfers',
  'update tip_outcomes set counted = not counted',
  'delete from tip_outcomes',
  'truncate tip_outcomes',
  'delete from tips',
  'truncate tips',
  'delete from accounts',
  'truncate accounts',
  'delete from wallets',
  'truncate wallets',
  "update wallets set public_key = decode(repeat('00', 32), 'hex')",
  'update tips set amount = amount - 1',
  "update tips set wallet_id = 'wallet_other' where result is null",
  "update tips set result = 'refused', settled = 0, returned = amount where result = 'ran'",
  "update accounts set owner = 'wallet_other' where kind = 'wallet'",
  "update accounts set debits = debits - 1 where kind = 'wallet'",
  "update accounts set seq = seq - 1 where kind = 'escrow'",
])('the ledger refuses, even to its own role: %s', async (statement) => {
  // By our trigger, or because something refers to it.
  await expect(db.ledger.query(statement)).rejects.toMatchObject({
    code: expect.stringMatching(/^(23001|0A000)$/),
  });
});

test('nothing moves twice for one tip, whoever writes it', async () => {
  await expect(
    db.ledger.query(
      `insert into transfers (kind, debit_account, credit_account, amount, tip_id, at)
       select kind, debit_account, credit_account, amount, tip_id, at from transfers where kind = 'settle'`,
    ),
  ).rejects.toMatchObject({ constraint: 'once_per_tip' });
});

/** What breaks each rule. */
const BREAKS: readonly [string, string][] = [
  ['debits and credits are equal in all', "update accounts set credits = credits + 1 where kind = 'wallet'"],
  [
    'balances are what the transfers say',
    "update accounts set debits = debits + 1, credits = credits + 1 where kind = 'wallet'",
  ],
  [
    'each held tip has its tokens in escrow, and nothing else is there',
    "update accounts set credits = credits + 1 where kind = 'escrow'",
  ],
  ['each room is numbered without a gap', "update accounts set seq = seq + 1 where kind = 'escrow'"],
  ['each room is numbered without a gap', 'update tips set seq = seq + 1 where result is null'],
  ['the outbox has every number from its oldest to the latest', 'delete from outbox where seq = 2'],
  [
    'each tip moved exactly what its end says',
    "update tips set amount = amount + 1, settled = settled + 1 where result = 'ran'",
  ],
  [
    "each tip's transfers are between its own wallet and room",
    "update tips set wallet_id = 'wallet_other' where result = 'ran'",
  ],
  ['a tip names a wallet that exists', "update tips set wallet_id = 'wallet_other' where result = 'ran'"],
  [
    'what ran, ran partly or was refused has exactly one outcome that counted',
    "update tips set result = 'refused', returned = amount where result is null",
  ],
  [
    'a transfer names accounts and a tip that exist',
    "update tips set tip_id = 'tip_other' where result is null",
  ],
  [
    'a transfer names accounts and a tip that exist',
    "insert into transfers (kind, debit_account, credit_account, amount, credit_id, at) values ('issue', 998, 999, 1, 'credit_x', now())",
  ],
  [
    'tokens are issued from a gateway to a wallet, for a credit and no tip',
    `insert into transfers (kind, debit_account, credit_account, amount, credit_id, at)
     select 'issue', escrow.account_id, earnings.account_id, 1, 'credit_y', now() from accounts escrow, accounts earnings
     where escrow.kind = 'escrow' and earnings.kind = 'earnings'`,
  ],
  ['nothing went to a room for what did not run', "update tips set result = 'refused' where result = 'ran'"],
  [
    'only rooms have numbers, and all of them a partition',
    "update accounts set partition = 1 where kind = 'wallet'",
  ],
  [
    'each wallet has an account',
    "insert into wallets values ('wallet_bare', decode(repeat('00', 32), 'hex'))",
  ],
];

test.each(BREAKS)('the checker sees when it does not hold that %s', async (rule, statement) => {
  const connection = await db.ledger.connect();
  try {
    await connection.query('begin');
    expect(await findViolations(connection)).toEqual([]);
    // What the database would refuse by itself is looked for all the same.
    for (const table of ['accounts', 'tips', 'transfers', 'wallets'])
      await connection.query(`alter table ${table} disable trigger user`);
    await connection.query(statement);
    expect((await findViolations(connection)).map((violation) => violation.rule)).toContain(rule);
  } finally {
    await connection.query('rollback');
    connection.release();
  }
});
