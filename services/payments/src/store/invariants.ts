import type pg from 'pg';

/** A rule of the ledger that does not hold, and examples of where. */
export interface Violation {
  readonly rule: string;
  readonly examples: readonly string[];
}

const EXAMPLES_MAX = 5;

/** Each query finds what breaks its rule, as one text column. */
const RULES: Readonly<Record<string, string>> = {
  'debits and credits are equal in all': `
    select sum(debits) || ' against ' || sum(credits) from accounts having sum(debits) <> sum(credits)`,
  'no account but issue is below zero': `
    select kind || ' ' || owner from accounts where kind <> 'issue' and debits > credits`,
  'balances are what the transfers say': `
    select kind || ' ' || owner from accounts
    left join (select debit_account as account_id, sum(amount) as total from transfers group by 1) d using (account_id)
    left join (select credit_account as account_id, sum(amount) as total from transfers group by 1) c using (account_id)
    where debits <> coalesce(d.total, 0) or credits <> coalesce(c.total, 0)`,
  'each held tip has its tokens in escrow, and nothing else is there': `
    select owner from accounts
    left join (select room_id, sum(amount) as total from tips where result is null group by 1) held on room_id = owner
    where kind = 'escrow' and credits - debits <> coalesce(held.total, 0)
    union all
    select tip_id from tips where not exists (select from accounts where kind = 'escrow' and owner = room_id)`,
  'each room is numbered without a gap': `
    select owner from accounts
    left join (
      select room_id, count(*) as numbers, count(distinct seq) as different, min(seq) as lowest, max(seq) as highest
      from (select room_id, seq from tips union all
            select room_id, ended_seq from tips where ended_seq is not null) numbered group by 1
    ) used on room_id = owner
    where kind = 'escrow' and (coalesce(numbers, 0) <> seq or coalesce(different, 0) <> seq
      or coalesce(highest, 0) <> seq or coalesce(lowest, 0) <> least(seq, 1))`,
  'the outbox has every number from its oldest to the latest': `
    select owner from accounts
    join (select room_id, count(*) as rows, min(seq) as lowest from outbox group by 1) kept on room_id = owner
    where kind = 'escrow' and rows <> seq - lowest + 1`,
  'each tip moved exactly what its end says': `
    select tip_id from tips
    left join (
      select tip_id,
        coalesce(sum(amount) filter (where kind = 'hold'), 0) as hold,
        coalesce(sum(amount) filter (where kind = 'pay'), 0) as pay,
        coalesce(sum(amount) filter (where kind = 'settle'), 0) as settle,
        coalesce(sum(amount) filter (where kind = 'return'), 0) as back
      from transfers group by 1
    ) moved using (tip_id)
    where (hold, pay, settle, back) is distinct from (case
      when result is null then (amount::numeric, 0::numeric, 0::numeric, 0::numeric)
      when result = 'paid' then (0::numeric, amount::numeric, 0::numeric, 0::numeric)
      else (amount::numeric, 0::numeric, settled::numeric, returned::numeric) end)`,
  "each tip's transfers are between its own wallet and room": `
    select transfer_id::text from transfers
    join tips using (tip_id)
    join accounts d on d.account_id = debit_account
    join accounts c on c.account_id = credit_account
    where (transfers.kind, d.kind, d.owner, c.kind, c.owner) not in (
      ('hold', 'wallet', wallet_id, 'escrow', room_id), ('pay', 'wallet', wallet_id, 'earnings', room_id),
      ('settle', 'escrow', room_id, 'earnings', room_id), ('return', 'escrow', room_id, 'wallet', wallet_id))`,
  'tokens are issued from a gateway to a wallet, for a credit and no tip': `
    select transfer_id::text from transfers
    join accounts d on d.account_id = debit_account
    join accounts c on c.account_id = credit_account
    where (transfers.kind = 'issue') <> (tip_id is null) or (transfers.kind = 'issue') <> (credit_id is not null)
      or (transfers.kind = 'issue' and (d.kind, c.kind) <> ('issue', 'wallet'))`,
  'what ran, ran partly or was refused has exactly one outcome that counted': `
    select tip_id from tips where result is not null and result <> 'paid' and (
      select count(*) from tip_outcomes o where o.tip_id = tips.tip_id and counted
    ) <> 1 and result <> 'expired'`,
  'nothing went to a room for what did not run': `
    select tip_id from tips where result in ('expired', 'refused') and settled <> 0
    union all select tip_id from tips where result = 'ran' and returned <> 0
    union all select tip_id from tips where result = 'partly' and settled <> amount * ran_ms / duration_ms`,
  'a transfer names accounts and a tip that exist': `
    select transfer_id::text from transfers where not exists (select from accounts where account_id = debit_account)
      or not exists (select from accounts where account_id = credit_account)
      or (tip_id is not null and not exists (select from tips where tips.tip_id = transfers.tip_id))`,
  'a tip names a wallet that exists': `
    select tip_id from tips where not exists (select from wallets where wallets.wallet_id = tips.wallet_id)`,
  'only rooms have numbers, and all of them a partition': `
    select kind || ' ' || owner from accounts
    where (kind = 'escrow') <> (partition is not null) or (kind <> 'escrow' and seq <> 0)`,
  'each wallet has an account': `
    select wallet_id from wallets where not exists (select from accounts where kind = 'wallet' and owner = wallet_id)`,
};

/** Checks every rule of the ledger on one snapshot, while it is in use. Answers what does not hold: nothing, when all is well. */
export async function checkInvariants(ledger: pg.Pool): Promise<Violation[]> {
  const connection = await ledger.connect();
  let broken: Error | undefined;
  try {
    await connection.query('begin isolation level repeatable read read only');
    const violations = await findViolations(connection);
    await connection.query('rollback');
    return violations;
  } catch (error) {
    broken = error instanceof Error ? error : new Error('checking failed');
    throw error;
  } finally {
    connection.release(broken);
  }
}

/** The same within a transaction of the caller's, which decides what is seen. */
export async function findViolations(connection: pg.PoolClient): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const [rule, text] of Object.entries(RULES)) {
    const { rows } = await connection.query<[string]>({
      text: `select * from (${text}) as found(example) limit ${EXAMPLES_MAX}`,
      rowMode: 'array',
    });
    if (rows.length > 0) violations.push({ rule, examples: rows.map(([example]) => example) });
  }
  return violations;
}
