import { expect, test } from '@jest/globals';
import { Lease } from './lease.ts';
import { Permit } from './permit.ts';

const ask = { n: 7, sentMono: 1_000 };
const answer = { n: 7, forMs: 600, serverMs: 0 };

test('a permit counts from when the ask was sent', () => {
  expect(Permit.from(ask, answer, 1_400)?.untilMono).toBe(1_600);
});

test.each([
  ['longer than the longest is cut', { ...answer, forMs: 60_000 }, 1_100, 1_600],
  ['a no gives none', { ...answer, forMs: 0 }, 1_100, undefined],
  ['no number gives none', { ...answer, forMs: Number.NaN }, 1_100, undefined],
  ['endless gives none', { ...answer, forMs: Number.POSITIVE_INFINITY }, 1_100, undefined],
  ['one that took too long gives none', answer, 1_600, undefined],
  ['an answer to another ask gives none', { ...answer, n: 8 }, 1_100, undefined],
])('%s', (_what, given, nowMono, untilMono) => {
  expect(Permit.from(ask, given, nowMono)?.untilMono).toBe(untilMono);
});

test.each([
  ['300 ms at most', 1_100, undefined, 1_400],
  ['not past its permit', 1_500, undefined, 1_600],
  ['not past what else bounds it', 1_100, 50, 1_150],
  ['none from a permit that has run out', 1_600, undefined, undefined],
  ['none from nothing left', 1_100, 0, undefined],
  ['none from a fraction that is left', 1_100, 1e-13, undefined],
  ['none from the last fraction of a permit', 1_599.5, undefined, undefined],
  ['none from what is no number', 1_100, Number.NaN, undefined],
])('a lease: %s', (_what, nowMono, budgetMs, untilMono) => {
  const permit = Permit.from(ask, answer, 1_100);
  expect(Lease.grant(permit, nowMono, budgetMs)?.untilMono).toBe(untilMono);
});

test('without a permit there is no lease, and what looks like one is none', () => {
  expect(Lease.grant(undefined, 0)).toBeUndefined();
  expect(Lease.isLease({ untilMono: 1e9, isLive: () => true })).toBe(false);
});
