import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { testDatabase } from '@nightjar/testkit/test-servers';
import { MIGRATIONS } from '../src/migrations.ts';
import { findRoom } from '../src/store/rooms.ts';
import { rememberPictures } from '../src/store/sweeps.ts';
import type { Database, Tables } from '../src/store/tables.ts';

const stack = new AsyncDisposableStack();
let db: Database;
let later: (ms: number) => Promise<unknown>;

beforeAll(async () => {
  const database = stack.use(await testDatabase({ schemas: ['rooms'] }));
  const pool = openPool(database.urls.rooms, 'test', 2, silentLog);
  db = stack.use(openDatabase<Tables>(pool));
  await migrate(db, MIGRATIONS, silentLog);
  await pool.query(`
    insert into rooms (id, slug, broadcaster_id, title) values ('room_a', 'a', 'b', 'A');
    insert into shows (id, room_id, mode, started_at) values ('show_a', 'room_a', 'public', now())`);
  // Time passes by moving what was written into the past.
  later = (ms) =>
    pool.query(
      'update shows set picture_at = picture_at - make_interval(secs => $1), looked_at = looked_at - make_interval(secs => $1)',
      [ms / 1000],
    );
});
afterAll(() => stack.disposeAsync());

const picture = async () => (await findRoom(db, 'room_a'))?.show?.picture;
const looked = (publishes: boolean) =>
  rememberPictures(db, { withPicture: publishes ? ['show_a'] : [], lookedInto: ['show_a'] });
const counted = (publishes: boolean) =>
  rememberPictures(db, { withPicture: publishes ? ['show_a'] : [], lookedInto: [] });

test('what was just seen stands against a count that is older, both ways', async () => {
  await looked(true);
  await counted(false);
  expect(await picture()).toBe(true);
  await looked(false);
  await counted(true);
  expect(await picture()).toBe(false);
});

test('a count that must be newer counts', async () => {
  await looked(true);
  await later(7_100);
  await counted(false);
  expect(await picture()).toBe(false);
  await counted(true);
  expect(await picture()).toBe(true);
  await counted(false);
  expect(await picture()).toBe(false);
});

test('a picture that goes on is written now and then, and one that nobody looked at any more is not claimed', async () => {
  await looked(true);
  const at = async () =>
    (await db.selectFrom('shows').select('picture_at').executeTakeFirstOrThrow()).picture_at;
  await later(7_100);
  await counted(true);
  const first = await at();
  await counted(true);
  expect(await at()).toEqual(first);
  await later(4_100);
  const moved = await at();
  await counted(true);
  expect(Number(await at())).toBeGreaterThan(Number(moved));
  await later(15_100);
  expect(await picture()).toBe(false);
});
