import { expect, test } from '@jest/globals';
import { capLevel, DEFAULT_ENVELOPE, exertionAt, isEnvelope } from './envelope.ts';

const envelope = { ...DEFAULT_ENVELOPE, levelMax: 0.8, jumpLevelMax: 0.5, risePerSecondMax: 2 };

test.each([
  ['a share is a share of the highest level', 0.5, 0, 0, 0.4],
  ['from rest it jumps only so far', 1, 0, 0, 0.5],
  ['then it rises with time', 1, 0.5, 100, 0.7],
  ['never past the highest level', 1, 0.75, 10_000, 0.8],
  ['it falls at once', 0.1, 0.8, 0, 0.08],
  ['more than all is all', 7, 0.8, 0, 0.8],
  ['less than nothing is nothing', -1, 0.8, 0, 0],
])('%s', (_what, share, last, sinceMs, level) => {
  expect(capLevel(share, last, sinceMs, envelope)).toBeCloseTo(level, 6);
});

test('time away from rest adds up, time at rest takes away its share, down to nothing', () => {
  const limits = { ...envelope, recoveryShare: 0.5 };
  const moved = exertionAt({ usedMs: 0, atMono: 0 }, 1_000, true, limits);
  expect(moved).toEqual({ usedMs: 1_000, atMono: 1_000 });
  expect(exertionAt(moved, 2_000, false, limits).usedMs).toBe(500);
  expect(exertionAt(moved, 9_000, false, limits).usedMs).toBe(0);
});

test.each([
  ['the default', {}, true],
  ['a level above all', { levelMax: 1.1 }, false],
  ['no number', { risePerSecondMax: Number.NaN }, false],
  ['a kind that cannot be put to rest', { kinds: ['position' as const] }, false],
])('%s', (_what, change, taken) => {
  expect(isEnvelope({ ...DEFAULT_ENVELOPE, ...change })).toBe(taken);
});
