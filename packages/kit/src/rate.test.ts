import { expect, test } from '@jest/globals';
import { Rate } from './rate.ts';

test('a burst, then so many a second, never more than a burst saved up', () => {
  const rate = new Rate(2, 3, 0);
  const taken = (atMs: number) => Array.from({ length: 5 }, () => rate.take(atMs)).filter(Boolean).length;
  expect(taken(0)).toBe(3);
  expect(taken(499)).toBe(0);
  expect(taken(500)).toBe(1);
  expect(taken(1_500)).toBe(2);
  expect(taken(1_000_000)).toBe(3);
});

test('a clock that goes back gives nothing', () => {
  const rate = new Rate(1, 1, 10_000);
  expect(rate.take(10_000)).toBe(true);
  expect(rate.take(0)).toBe(false);
});
