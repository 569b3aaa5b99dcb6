import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { testDatabase, testPostgres } from '@nightjar/testkit/test-servers';
import { startInternal } from '../src/internal.ts';
import { type LogFields, silentLog } from '../src/log.ts';
import { migrate } from '../src/migrate.ts';
import { openDatabase, openPool } from '../src/postgres.ts';
import { watchSchema } from '../src/schema.ts';
import { startTelemetry } from '../src/telemetry.ts';

const stack = new AsyncDisposableStack();
let folder: string;
let early: string;
beforeAll(() => {
  // A build, and the one before it.
  [folder, early] = [1, 2].map(() => mkdtempSync(path.join(tmpdir(), 'nightjar-schema-'))) as [
    string,
    string,
  ];
  for (const each of [folder, early]) {
    stack.defer(() => rmSync(each, { recursive: true }));
    writeFileSync(path.join(each, '001-first.sql'), 'create table things (name text)');
  }
  writeFileSync(path.join(folder, '002-second.sql'), 'create table more (name text)');
});
afterAll(() => stack.disposeAsync());

const url = (each: string) => pathToFileURL(`${each}/`);

test('not while PostgreSQL is away, not with an older schema; then for ever, with a newer one too', async () => {
  await using server = await testPostgres();
  await using database = await testDatabase({ schemas: ['rooms'], server });
  const pool = openPool(database.urls.rooms, 'test', 2, silentLog);
  await server.stop();
  const said: LogFields[] = [];
  const log = { ...silentLog, warn: (_: string, fields: LogFields = {}) => void said.push(fields) };
  const schema = watchSchema([{ pool, folder: url(folder) }], log);
  const former = watchSchema([{ pool, folder: url(early) }], silentLog);
  try {
    await eventually(async () => expect(said).toHaveLength(1));
    expect(said[0]?.error).toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    await migrate(openDatabase(pool), url(early), silentLog);
    await former.arrived;
    expect([former.there(), schema.there()]).toEqual([true, false]);
    await migrate(openDatabase(pool), url(folder), silentLog);
    await schema.arrived;
    await server.stop();
    expect(schema.there()).toBe(true);
    await server.restart();
    await using rolledBack = watchSchema([{ pool, folder: url(early) }], silentLog);
    await rolledBack.arrived;
  } finally {
    await schema[Symbol.asyncDispose]();
    await former[Symbol.asyncDispose]();
    await pool.end();
  }
}, 60_000);

test('both schemas of a service that has two are waited for, and the first missing migration is named', async () => {
  await using database = await testDatabase({ schemas: ['ledger', 'billing'] });
  const [ledger, billing] = [database.urls.ledger, database.urls.billing].map((each) =>
    openPool(each, 'test', 2, silentLog),
  ) as [ReturnType<typeof openPool>, ReturnType<typeof openPool>];
  await migrate(openDatabase(ledger), url(folder), silentLog);
  const said: LogFields[] = [];
  const log = { ...silentLog, warn: (_: string, fields: LogFields = {}) => void said.push(fields) };
  const parts = [ledger, billing].map((pool) => ({ pool, folder: url(folder) }));
  const schema = watchSchema(parts, log);
  await eventually(async () => expect(said).toEqual([{ attempt: 1, migration: '001-first' }]));
  await migrate(openDatabase(billing), url(folder), silentLog);
  await schema.arrived;
  await schema[Symbol.asyncDispose]();
  await Promise.all([ledger.end(), billing.end()]);
}, 30_000);

test('a service is started once and for ever, and not ready before', async () => {
  let good = true;
  const telemetry = startTelemetry('test', '');
  await using internal = await startInternal({ host: '127.0.0.1', port: 0 }, telemetry, {
    thing: () => good,
  });
  const ask = async (what: string) => {
    const response = await fetch(`${internal.url}/health/${what}`);
    return [response.status, await response.json()];
  };
  expect(await ask('live')).toEqual([200, { ok: true }]);
  expect(await ask('started')).toEqual([503, { ok: false }]);
  expect(await ask('ready')).toEqual([503, { ok: false, missing: ['start'] }]);
  internal.started();
  expect(await ask('started')).toEqual([200, { ok: true }]);
  expect(await ask('ready')).toEqual([200, { ok: true, missing: [] }]);
  good = false;
  internal.drain();
  expect(await ask('started')).toEqual([200, { ok: true }]);
  expect(await ask('ready')).toEqual([503, { ok: false, draining: true }]);
  await telemetry[Symbol.asyncDispose]();
});
