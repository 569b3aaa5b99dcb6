import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LedgerDatabase, ledgerDatabase } from './payments-under-test.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
let db: LedgerDatabase;
beforeAll(async () => {
  db = await ledgerDatabase();
}, 60_000);
afterAll(() => db[Symbol.asyncDispose]());

async function relations(schema: 'ledger' | 'billing') {
  const { rows } = await db[schema].query<{ name: string; kind: string }>(
    `select relname as name, relkind as kind from pg_class
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'S')`,
  );
  return rows;
}

test.each([
  ['billing', 'ledger', ['accounts', 'wallets', 'tips', 'transfers', 'tip_outcomes', 'outbox']],
  ['ledger', 'billing', ['purchases', 'gateway_events', 'credit_orders']],
] as const)('%s can read and write nothing of %s', async (reader, owner, tables) => {
  const there = await relations(owner);
  expect(there.map(({ name }) => name)).toEqual(expect.arrayContaining([...tables]));
  for (const { name, kind } of there) {
    const statements =
      kind === 'S'
        ? [`select * from ${owner}.${name}`, `select nextval('${owner}.${name}')`]
        : [`select * from ${owner}.${name}`, `delete from ${owner}.${name}`, `truncate ${owner}.${name}`];
    for (const statement of statements)
      await expect(db[reader].query(statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  }
  const call = owner === 'ledger' ? "ledger.open_wallet('w', '')" : "billing.finish_credit('c')";
  await expect(db[reader].query(`select ${call}`)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
});
