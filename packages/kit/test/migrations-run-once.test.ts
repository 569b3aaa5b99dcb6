import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '@nightjar/testkit/test-servers';
import { silentLog } from '../src/log.ts';
import { migrate } from '../src/migrate.ts';
import { openDatabase, openPool } from '../src/postgres.ts';

let database: Awaited<ReturnType<typeof testDatabase<'auth'>>>;
let folder: string;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  database = stack.use(await testDatabase({ schemas: ['auth'] }));
  folder = mkdtempSync(path.join(tmpdir(), 'nightjar-migrations-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  file('001-first.sql', "create table things (name text primary key); insert into things values ('first');");
});
afterAll(() => stack.disposeAsync());

const file = (name: string, sql: string) => writeFileSync(path.join(folder, name), sql);

/** A pod that migrates at its start; answers what it warned of. */
async function pod(): Promise<string[]> {
  const warned: string[] = [];
  await using db = openDatabase(openPool(database.urls.auth, 'pod', 2, silentLog));
  await migrate(db, pathToFileURL(`${folder}/`), { ...silentLog, warn: (event) => void warned.push(event) });
  return warned;
}

async function things(): Promise<string[]> {
  const pool = openPool(database.urls.auth, 'test', 1, silentLog);
  const { rows } = await pool.query('select name from things order by name');
  await pool.end();
  return rows.map(({ name }) => name);
}

test('from several pods at once, and again: each file once', async () => {
  await Promise.all([pod(), pod(), pod(), pod()]);
  await pod();
  expect(await things()).toEqual(['first']);
});

test('a new file is applied, what is not SQL is not looked at', async () => {
  file('002-second.sql', "insert into things values ('second');");
  file('README.md', 'not sql');
  await Promise.all([pod(), pod()]);
  expect(await things()).toEqual(['first', 'second']);
});

test('one that fails leaves nothing half done, says so, and is applied once it is right', async () => {
  file('003-third.sql', "insert into things values ('third'); insert into nowhere values (1);");
  await expect(pod()).rejects.toMatchObject({ code: '42P01' });
  expect(await things()).toEqual(['first', 'second']);
  file('003-third.sql', "insert into things values ('third');");
  await pod();
  expect(await things()).toEqual(['first', 'second', 'third']);
});

test('a build that was rolled back takes the newer schema as it is, and says so', async () => {
  const [file3, elsewhere] = [path.join(folder, '003-third.sql'), path.join(folder, '003-third.newer')];
  renameSync(file3, elsewhere);
  expect(await pod()).toEqual(['schema_is_newer']);
  // The newer build beside it, while both are rolled out.
  file('004-fourth.sql', "insert into things values ('fourth');");
  renameSync(elsewhere, file3);
  await pod();
  rmSync(path.join(folder, '004-fourth.sql'));
  expect(await Promise.all([pod(), pod()])).toEqual([['schema_is_newer'], ['schema_is_newer']]);
  expect(await things()).toEqual(['first', 'fourth', 'second', 'third']);
});

test('a database that another branch changed is refused, and left as it is', async () => {
  file('004-other.sql', "insert into things values ('other');");
  await expect(pod()).rejects.toThrow(
    'the database has migrations that this build does not know (004-fourth) and lacks some of this build (004-other)',
  );
  expect(await things()).toEqual(['first', 'fourth', 'second', 'third']);
});
