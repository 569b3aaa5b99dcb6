import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { asAdmin } from '@nightjar/database/admin';
import { provisionPostgres } from '@nightjar/database/provision';
import { startPostgres } from '@nightjar/testkit/servers/postgres';
import type { RunningServer } from '@nightjar/testkit/servers/running-server';
import { testPostgres } from '@nightjar/testkit/test-servers';
import { runSetup, startSetup } from './run-setup.ts';

jest.setTimeout(60_000);

// Roles belong to a whole server, so this one is not shared.
let server: RunningServer;
const stack = new AsyncDisposableStack();
beforeAll(async () => {
  server = stack.use(await testPostgres());
});
afterAll(() => stack.disposeAsync());

let folder: string;
let env: Record<string, string>;
beforeEach(async () => {
  const own = await mkdtemp(path.join(tmpdir(), 'nightjar-setup-'));
  stack.defer(() => rm(own, { recursive: true }));
  folder = own;
  await mkdir(path.join(folder, 'given'));
  env = {
    NIGHTJAR_SECRETS_STORE: path.join(folder, 'secrets'),
    NIGHTJAR_SECRETS_PREFIX: 'nj',
    NIGHTJAR_GIVEN_FOLDER: path.join(folder, 'given'),
    NIGHTJAR_POSTGRES_SERVER: `postgres://127.0.0.1:${server.port}/live`,
    NIGHTJAR_NATS_SERVER: 'nats://127.0.0.1:4222',
    NIGHTJAR_REDIS_SERVER: 'redis://127.0.0.1:6379',
    NIGHTJAR_SETUP_FOLDER: path.join(folder, 'secrets/nj-setup'),
  };
  await dropAll();
});

const ROLES = ['auth', 'rooms', 'billing', 'ledger', 'geofence'];

async function dropAll(): Promise<void> {
  await asAdmin(server.url, async (admin) => {
    await admin.query('drop database if exists live with (force)');
    for (const role of [...ROLES, 'manager', 'owner']) await admin.query(`drop role if exists ${role}`);
  });
}

const give = (name: string, value: string) => writeFile(path.join(folder, 'given', name), value);
const secret = (name: string) => readFile(path.join(folder, 'secrets', name), 'utf8');
const urlAs = (user: string, password: string, database = 'postgres') =>
  `postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`;

/** The two commands, as an installation runs them. */
async function setUp(): Promise<void> {
  for (const command of ['secrets', 'postgres']) {
    const { code, said } = await runSetup(command, env);
    expect({ command, code, said }).toEqual({ command, code: 0, said: '' });
  }
}

async function expectEachHasItsOwn(): Promise<void> {
  const urls = await Promise.all(
    ['auth/postgres-url', 'rooms/postgres-url', 'payments/postgres-url', 'payments/billing-postgres-url'].map(
      (name) => secret(`nj-${name}`),
    ),
  );
  const schemas = ['auth', 'rooms', 'ledger', 'billing'];
  for (const [i, url] of urls.entries())
    await asAdmin(url, async (client) => {
      await client.query('create table if not exists mine as select 1 as n');
      const { rows } = await client.query('select current_schema as schema');
      expect(rows).toEqual([{ schema: schemas[i] }]);
    });
  await asAdmin(urls[2] ?? '', async (client) => {
    await expect(client.query('select * from billing.mine')).rejects.toThrow('permission denied');
    await expect(client.query('create table public.here (n int)')).rejects.toThrow('permission denied');
  });
}

test('with a superuser, and again: each service has its schema, by its own password', async () => {
  await give('postgres-admin-url', server.url);
  await setUp();
  await expectEachHasItsOwn();
  await setUp();
  await expectEachHasItsOwn();
  await give('postgres-password-auth', 'another-password');
  await setUp();
  expect(await secret('nj-auth/postgres-url')).toContain(':another-password@');
  await expectEachHasItsOwn();
});

test('with an administrator who is no superuser, as managed PostgreSQL has them; who reads nothing of anybody', async () => {
  await asAdmin(server.url, (admin) =>
    admin.query("create role manager login createrole createdb password 'hush'"),
  );
  await give('postgres-admin-url', urlAs('manager', 'hush'));
  await setUp();
  await expectEachHasItsOwn();
  await setUp();
  await asAdmin(urlAs('manager', 'hush', 'live'), async (manager) => {
    await expect(manager.query('select * from auth.mine')).rejects.toThrow('permission denied');
  });
});

test('a database that is there already, of another owner, is used and keeps its rights', async () => {
  await asAdmin(server.url, async (admin) => {
    await admin.query("create role owner; create role manager login createrole password 'hush'");
    await admin.query('create database live owner owner');
    await admin.query('grant create on database live to manager');
  });
  await give('postgres-admin-url', urlAs('manager', 'hush'));
  await setUp();
  await expectEachHasItsOwn();
});

test.each(['*', 'live', 'no-such-database', ''])(
  'an administrator whose URL names the database %j, which is not there, begins in another one',
  async (database) => {
    await asAdmin(server.url, (admin) =>
      admin.query("create role manager login createrole createdb password 'hush'"),
    );
    await give('postgres-admin-url', urlAs('manager', 'hush', database));
    await setUp();
    await expectEachHasItsOwn();
    await setUp();
  },
);

test('a server without any database to begin in says so', async () => {
  await asAdmin(server.url, async (admin) => {
    await admin.query("create role manager login createrole createdb password 'hush'");
    await admin.query('create database aside');
  });
  const aside = urlAs('postgres', new URL(server.url).password, 'aside');
  const rename = (from: string, to: string) =>
    asAdmin(aside, (admin) => admin.query(`alter database ${from} rename to ${to}`));
  await give('postgres-admin-url', urlAs('manager', 'hush', '*'));
  await runSetup('secrets', env);
  await rename('postgres', 'elsewhere');
  try {
    const { code, said } = await runSetup('postgres', env);
    expect(code).toBe(1);
    expect(said).toContain('name one that is there in postgres-admin-url');
    expect(said).not.toContain('hush');
  } finally {
    await rename('elsewhere', 'postgres');
    await asAdmin(server.url, (admin) => admin.query('drop database aside with (force)'));
  }
});

test('no password is in the log of a server that logs all statements, and each role gets in', async () => {
  await using logging = await startPostgres({ settings: ['log_statement=all'] });
  await asAdmin(logging.url, (admin) =>
    admin.query("create role manager login createrole createdb password 'hush'"),
  );
  const manager = `postgres://manager:hush@127.0.0.1:${logging.port}/postgres`;
  const passwords = new Set<string>();
  for (const adminUrl of [manager, logging.url])
    for (const password of ['first-password', 'second-password']) {
      const roles = ROLES.map((role) => ({ role, schema: role, password: `${role}-${password}` }));
      const urls = await provisionPostgres(adminUrl, 'live', roles);
      for (const url of Object.values(urls)) await asAdmin(url, (client) => client.query('select 1'));
      for (const { password: each } of roles) passwords.add(each);
    }
  const log = await readFile(logging.logFile, 'utf8');
  for (const verb of ['create', 'alter'])
    expect(log).toContain(`${verb} role "auth" login password 'SCRAM-SHA-256$4096:`);
  for (const password of passwords) expect(log).not.toContain(password);
});

test.each([
  [
    'may make no roles',
    "create role manager login createdb password 'hush'",
    'alter role … createrole createdb',
  ],
  ['may not make the database', "create role manager login createrole password 'hush'", 'make live yourself'],
  [
    'finds a role of another',
    "create role manager login createrole createdb password 'hush'; create role auth",
    'the role auth is another',
  ],
])('an administrator who %s hears the way out', async (_, statements, wayOut) => {
  await asAdmin(server.url, (admin) => admin.query(statements));
  await give('postgres-admin-url', urlAs('manager', 'hush'));
  await runSetup('secrets', env);
  const { code, said } = await runSetup('postgres', env);
  expect(code).toBe(1);
  expect(said).toContain(wayOut);
  expect(said).not.toContain('hush');
});

test('an administrator whom PostgreSQL does not know is said to be refused, at once', async () => {
  await runSetup('secrets', env);
  const { code, said } = await runSetup('postgres', env);
  expect(code).toBe(1);
  expect(said).toContain('PostgreSQL refuses its administrator (28P01): correct postgres-admin-url');
});

test('two at once make one database with its roles', async () => {
  await give('postgres-admin-url', server.url);
  const roles = ROLES.map((role) => ({ role, schema: role, password: 'same' }));
  await Promise.all(Array.from({ length: 4 }, () => provisionPostgres(server.url, 'live', roles)));
  await asAdmin(urlAs('auth', 'same', 'live'), (client) => client.query('create table mine (n int)'));
});

test('a password that would have to be prepared first is refused', async () => {
  const roles = [{ role: 'auth', schema: 'auth', password: 'pässword' }];
  await expect(provisionPostgres(server.url, 'live', roles)).rejects.toThrow(
    "the password of the role auth must be of ASCII's letters, digits and signs",
  );
});

test('a PostgreSQL that is not there yet is waited for, and it is said for what', async () => {
  await give('postgres-admin-url', server.url);
  await runSetup('secrets', env);
  await server.stop();
  const { child, ended } = startSetup('postgres', env);
  await once(child.stdout, 'data');
  await server.restart();
  const { code, out, said } = await ended;
  expect({ code, said }).toEqual({ code: 0, said: '' });
  expect(out).toMatch(/"event":"waiting","peer":"postgres".*"errorCode":"ECONNREFUSED"/);
  await expectEachHasItsOwn();
});

test('without its files it says what to mount', async () => {
  const { code, said } = await runSetup('postgres', { NIGHTJAR_SETUP_FOLDER: folder });
  expect(code).toBe(1);
  expect(said).toContain('postgres-admin-url cannot be read: mount the Secret of setup there');
});

test('what is no command is answered by how it is used', async () => {
  expect(await runSetup('secret', env)).toMatchObject({
    code: 2,
    said: expect.stringContaining('setup COMMAND'),
  });
});
