import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { silentLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { testDatabase } from '@nightjar/testkit/test-servers';
import { MIGRATIONS } from '../src/migrations.ts';
import { isKeptOut } from '../src/store/sanctions-in-force.ts';
import type { Tables } from '../src/store/tables.ts';

test('who was banned before there were sanctions is banned, for new pods and for those of the version before', async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase({ schemas: ['rooms'] }));
  const pool = openPool(database.urls.rooms, 'test', 2, silentLog);
  const db = stack.use(openDatabase<Tables>(pool));
  const before = await mkdtemp(path.join(tmpdir(), 'nightjar-migrations-'));
  stack.defer(() => rm(before, { recursive: true }));
  await copyFile(new URL('001-rooms.sql', MIGRATIONS), path.join(before, '001-rooms.sql'));
  await migrate(db, pathToFileURL(`${before}/`), silentLog);
  await pool.query(`
    insert into rooms (id, slug, broadcaster_id, title) values ('room_a', 'a', 'b', 'A');
    insert into shows (id, room_id, mode, started_at) values ('show_a', 'room_a', 'public', now());
    insert into denials (room_id, pseudonym) values ('room_a', 'pn_banned')`);
  await migrate(db, MIGRATIONS, silentLog);
  expect(await isKeptOut(db, 'room_a', 'pn_banned')).toBe(true);
  await pool.query(`
    insert into sanctions (room_id, pseudonym, what) values ('room_a', 'pn_new', 'banned');
    insert into sanctions (room_id, pseudonym, what, show_id) values ('room_a', 'pn_out', 'removed', 'show_a');
    insert into sanctions (room_id, pseudonym, what, until) values ('room_a', 'pn_quiet', 'silenced', now() + interval '1 h')`);
  // As the version before asks.
  const { rows } = await pool.query(`select pseudonym from denials where room_id = 'room_a' order by 1`);
  expect(rows.map(({ pseudonym }) => pseudonym)).toEqual(['pn_banned', 'pn_new', 'pn_out']);
});
