import { expect, test } from '@jest/globals';
import { History, memoryShelf } from './history.ts';
import type { HistoryEntry, TipHistoryEntry } from './history-entry.ts';
import { HISTORY_ENTRIES_MAX } from './limits.ts';

const tip = (id: string, at: number, change: Partial<TipHistoryEntry> = {}): TipHistoryEntry => ({
  kind: 'tip',
  id,
  at,
  amount: 50n,
  room: { slug: 'demo-7k2m9x', title: 'Demo' },
  state: 'sending',
  ...change,
});

const ids = (entries: readonly HistoryEntry[] | undefined) => entries?.map(({ id }) => id);

test('entries are newest first, and one that comes again is brought up to date at its place', async () => {
  const history = new History(memoryShelf());
  await history.put(tip('tip_a', 1));
  await history.put(tip('tip_b', 2));
  await history.put(tip('tip_a', 9, { state: 'settled', result: 'ran', settled: 50n, returned: 0n }));
  expect(ids(history.entries.current)).toEqual(['tip_b', 'tip_a']);
  expect(history.entries.current?.[1]).toMatchObject({ at: 1, state: 'settled', settled: 50n });
});

test('an end that is known is not taken back by word that comes late', async () => {
  const history = new History(memoryShelf());
  await history.put(tip('tip_a', 1, { state: 'returned', result: 'expired', settled: 0n, returned: 50n }));
  await history.put(tip('tip_a', 1, { state: 'held' }));
  expect(history.entries.current).toMatchObject([{ state: 'returned' }]);
});

test('the oldest go when there are too many', async () => {
  const shelf = memoryShelf();
  const history = new History(shelf);
  for (let at = 0; at < HISTORY_ENTRIES_MAX; at++)
    await shelf.change(`tip_${at}`, () => tip(`tip_${at}`, at));
  await history.put(tip('tip_new', HISTORY_ENTRIES_MAX));
  expect(history.entries.current).toHaveLength(HISTORY_ENTRIES_MAX);
  expect(history.entries.current?.[0]?.id).toBe('tip_new');
  expect(ids(await shelf.all())).not.toContain('tip_0');
});

test('forgetting all leaves nothing, and other tabs are told', async () => {
  const shelf = memoryShelf();
  let told = 0;
  const history = new History(shelf, () => {
    told += 1;
  });
  await history.put(tip('tip_a', 1));
  await history.forgetAll();
  expect(history.entries.current).toEqual([]);
  expect(await shelf.all()).toEqual([]);
  expect(told).toBe(2);
  const other = new History(shelf);
  await other.load();
  expect(other.entries.current).toEqual([]);
});
