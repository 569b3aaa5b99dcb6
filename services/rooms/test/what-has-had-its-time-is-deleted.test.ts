import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cleanOnce } from '../src/store/clean.ts';
import { roomsPlatform } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;

beforeAll(async () => {
  platform = await roomsPlatform();
  await platform.pool.query(`
    insert into rooms (id, slug, broadcaster_id, title) values ('room_a', 'a', 'b', 'A');
    insert into shows (id, room_id, mode, started_at, ended_at) values
      ('show_over', 'room_a', 'public', now(), now()), ('show_on', 'room_a', 'public', now(), null);
    insert into sanctions (room_id, pseudonym, what, until, show_id) values
      ('room_a', 'pn_silence_over', 'silenced', now() - interval '1 s', null),
      ('room_a', 'pn_silence', 'silenced', now() + interval '1 h', null),
      ('room_a', 'pn_removal_over', 'removed', null, 'show_over'),
      ('room_a', 'pn_removal', 'removed', null, 'show_on'),
      ('room_a', 'pn_ban', 'banned', null, null);
    insert into media_grants (identity, show_id, room_id, pseudonym) values
      ('ses_over', 'show_over', 'room_a', ''), ('ses_on', 'show_on', 'room_a', '');
    insert into room_creations (broadcaster_id, key, asked, room_id, created_at) values
      ('b', 'old', '', 'room_a', now() - interval '8 days'), ('b', 'new', '', 'room_b', now());
    insert into outbox (room_id, seq, partition, event, payload, created_at, sent_at) values
      ('room_a', 1, 0, 'x', '', now() - interval '8 days', now()),
      ('room_a', 2, 0, 'x', '', now() - interval '8 days', null),
      ('room_a', 3, 0, 'x', '', now(), now())`);
});
afterAll(() => platform?.[Symbol.asyncDispose]());

const column = async (query: string) =>
  (await platform.pool.query({ text: query, rowMode: 'array' })).rows.map(([value]) => value);

test('what is over goes, what is in force, unsent or young stays', async () => {
  expect(await cleanOnce(platform.db)).toBe(false);
  expect(await column('select pseudonym from sanctions order by 1')).toEqual([
    'pn_ban',
    'pn_removal',
    'pn_silence',
  ]);
  expect(await column('select identity from media_grants')).toEqual(['ses_on']);
  expect(await column('select key from room_creations')).toEqual(['new']);
  expect(await column('select seq from outbox order by 1')).toEqual([2n, 3n]);
});

test('what is more than a batch is said to be more, and goes batch by batch', async () => {
  await platform.pool.query(
    `insert into sanctions (room_id, pseudonym, what, until)
     select 'room_a', 'pn_' || i, 'silenced', now() - interval '1 s' from generate_series(1, 1100) i`,
  );
  const left: unknown[] = [];
  while (await cleanOnce(platform.db)) left.push((await column('select count(*) from sanctions'))[0]);
  expect(left).toEqual([603n, 103n]);
  expect(await column('select count(*) from sanctions')).toEqual([3n]);
});
