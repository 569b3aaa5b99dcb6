import { expect, test } from '@jest/globals';
import type { LogEntry } from '@nightjar/contracts/ws-protocol';
import { clockWords, durationWords, EMPTY_TALLY, tallyAfterEntry, tallyAfterPresence } from './summary.ts';

const at = '2026-11-25T14:00:00Z';
const tip = (tipId: string, held: boolean): LogEntry => ({
  kind: 'tip',
  at,
  tipId,
  from: 'pn_1',
  amount: '25',
  held,
});
const settled = (tipId: string, result: 'ran' | 'partly' | 'expired', amount: string): LogEntry => ({
  kind: 'settled',
  at,
  tipId,
  result,
  settled: amount,
  returned: `${25 - Number(amount)}`,
  ranMs: 0,
});

test('a token is earned when it is settled, and once', () => {
  const entries = [
    tip('a', true),
    tip('b', true),
    tip('c', false),
    tip('d', true),
    settled('a', 'ran', '25'),
    settled('a', 'ran', '25'),
    settled('b', 'partly', '10'),
    settled('d', 'expired', '0'),
  ];
  const tally = entries.reduce((so_far, entry) => tallyAfterEntry(so_far, entry, false), EMPTY_TALLY);
  expect(tally).toMatchObject({ tips: 4, earned: 60n, ran: 1, partly: 1, returned: 1 });
});

test('a tip from before this page was there is not counted, but its end is', () => {
  const before = tallyAfterEntry(EMPTY_TALLY, tip('a', true), true);
  expect(before).toMatchObject({ tips: 0, earned: 0n });
  expect(tallyAfterEntry(before, settled('a', 'ran', '25'), false)).toMatchObject({
    tips: 0,
    earned: 25n,
    ran: 1,
  });
});

test('the most viewers and how often somebody came in', () => {
  const tally = [2, 5, 3, 4].reduce(tallyAfterPresence, EMPTY_TALLY);
  expect(tally).toMatchObject({ viewersMost: 5, joins: 6 });
});

test('times are said as people say them', () => {
  expect([12_900, 250_000, 3_900_000].map(durationWords)).toEqual(['12 s', '4 min 10 s', '1 h 5 min']);
  expect([9_000, 250_000, 3_909_000].map(clockWords)).toEqual(['0:09', '4:10', '1:05:09']);
});
