import { expect, test } from '@jest/globals';
import { asAdmin } from '@nightjar/database/admin';
import { provisionPostgres } from '@nightjar/database/provision';
import { testDatabase, testPostgres } from '../src/test-servers.ts';

test('a role writes to its own schema without naming it, and cannot read its neighbour', async () => {
  await using db = await testDatabase({ schemas: ['billing', 'ledger'] });
  await asAdmin(db.urls.billing, (client) => client.query('create table purchases as select 1 as n'));
  await asAdmin(db.adminUrl, async (admin) => {
    const { rows } = await admin.query("select schemaname from pg_tables where tablename = 'purchases'");
    expect(rows).toEqual([{ schemaname: 'billing' }]);
  });
  await asAdmin(db.urls.ledger, async (client) => {
    await expect(client.query('select * from billing.purchases')).rejects.toThrow('permission denied');
    await expect(client.query('create table public.here (n int)')).rejects.toThrow('permission denied');
  });
});

test('two databases of one server do not see each other, and a role cannot enter the other', async () => {
  await using server = await testPostgres();
  await using one = await testDatabase({ schemas: ['rooms'], server });
  await using two = await testDatabase({ schemas: ['rooms'], server });
  await asAdmin(one.urls.rooms, (client) => client.query('create table rooms as select 1 as n'));
  await asAdmin(two.urls.rooms, async (client) => {
    await expect(client.query('select * from rooms')).rejects.toThrow('does not exist');
  });
  const strayed = new URL(one.urls.rooms);
  strayed.pathname = new URL(two.urls.rooms).pathname;
  await expect(asAdmin(strayed.href, (client) => client.query('select 1'))).rejects.toThrow(
    'permission denied',
  );
});

test('provisioning again keeps the data and takes a new password', async () => {
  await using server = await testPostgres();
  const roles = (password: string) => [{ role: 'auth', schema: 'auth', password }];
  const first = await provisionPostgres(server.url, 'again', roles('one'));
  await asAdmin(first.auth as string, (client) => client.query('create table kept as select 1 as n'));
  const second = await provisionPostgres(server.url, 'again', roles('two'));
  await asAdmin(second.auth as string, (client) => client.query('select n from kept'));
  await expect(asAdmin(first.auth as string, (client) => client.query('select 1'))).rejects.toThrow(
    'password',
  );
});
