import { expect, test } from '@jest/globals';
import type { TipHistoryEntry } from './history-entry.ts';
import { change, stateWords } from './words.ts';

const tip = (facts: Partial<TipHistoryEntry>): TipHistoryEntry => ({
  kind: 'tip',
  id: 'tip_a',
  at: 1,
  amount: 50n,
  room: { slug: 'demo', title: 'Demo' },
  state: 'sending',
  ...facts,
});

test('a tip costs what was settled, and nothing when it went back', () => {
  expect(change(tip({ state: 'held' }))).toBe(-50n);
  expect(change(tip({ state: 'settled', result: 'partly', settled: 30n, returned: 20n }))).toBe(-30n);
  expect(change(tip({ state: 'returned', result: 'expired', settled: 0n, returned: 50n }))).toBe(0n);
  expect(change(tip({ state: 'failed' }))).toBe(0n);
});

test('what became of it is said exactly', () => {
  expect(stateWords(tip({ state: 'settled', result: 'ran', settled: 50n, returned: 0n }))).toBe('Ran');
  expect(stateWords(tip({ state: 'settled', result: 'partly', settled: 30n, returned: 20n }))).toBe(
    'Ran in part, 20 returned',
  );
  expect(stateWords(tip({ state: 'settled', result: 'paid', settled: 50n, returned: 0n }))).toBe('Paid');
});

test('a refused purchase moved nothing; one without an answer may have', () => {
  const purchase = { kind: 'purchase', id: 'a', at: 1, amount: 500n } as const;
  expect(change({ ...purchase, state: 'refused' })).toBe(0n);
  expect(change({ ...purchase, state: 'asked' })).toBe(500n);
});
