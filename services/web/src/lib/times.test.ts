import { expect, test } from '@jest/globals';
import { momentOf, since } from './times.ts';

const now = new Date(2026, 10, 25, 14, 3).getTime();
const minute = 60_000;

test('how long ago is said as people say it, and never as less than nothing', () => {
  const ago = (minutes: number) => since(now - minutes * minute, now);
  expect([0, 0.5, 12, 60, 125, 1_440, -5].map(ago)).toEqual([
    'just now',
    'just now',
    '12 min',
    '1 h',
    '2 h 5 min',
    '1 d',
    'just now',
  ]);
});

test('a moment of today is a time of day; of another day it has the day', () => {
  expect(momentOf(now, now)).toBe('14:03');
  expect(momentOf(now - 24 * 60 * minute, now)).toBe('24 Nov, 14:03');
});
