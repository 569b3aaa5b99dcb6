import { expect, test } from '@jest/globals';
import { orderedId, randomId } from './ids.ts';

test('ordered ids sort by their time and are UUIDs of version 7', () => {
  const times = [0, 1, 255, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
  const ids = times.map((at) => orderedId('tip', at));
  expect(ids).toEqual(ids.toSorted());
  for (const id of ids)
    expect(id).toMatch(/^tip_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('random ids are UUIDs of version 4, which tell no time', () => {
  expect(randomId('acct')).toMatch(
    /^acct_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(randomId('acct')).not.toBe(randomId('acct'));
});
