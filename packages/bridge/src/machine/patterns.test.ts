import { expect, test } from '@jest/globals';
import type { Effect } from '@nightjar/contracts/effect';
import fc from 'fast-check';
import { isEffect, levelAt } from './patterns.ts';

const effect = (points: [number, number][], durationMs = 1_000, repeatMs?: number): Effect => ({
  output: 'vibrate',
  durationMs,
  points: points.map(([atMs, level]) => ({ atMs, level })),
  ...(repeatMs === undefined ? {} : { repeatMs }),
});

test.each([
  ['before the first point the level is the first one', effect([[500, 200]]), 0, 0.2],
  [
    'after the last point it stays',
    effect([
      [0, 0],
      [100, 400],
    ]),
    900,
    0.4,
  ],
  [
    'between two points it goes in a straight line',
    effect([
      [0, 0],
      [100, 1_000],
    ]),
    25,
    0.25,
  ],
  [
    'of two points at one time the second counts from then on',
    effect([
      [0, 0],
      [50, 0],
      [50, 600],
    ]),
    50,
    0.6,
  ],
  [
    'just before a jump the first one counts',
    effect([
      [0, 100],
      [50, 100],
      [50, 600],
    ]),
    49.999,
    0.1,
  ],
  [
    'the points start again',
    effect(
      [
        [0, 1_000],
        [50, 1_000],
        [50, 0],
        [100, 0],
      ],
      1_000,
      100,
    ),
    910,
    1,
  ],
  ['at its end it is over', effect([[0, 1_000]]), 1_000, 0],
  ['before its begin there is nothing', effect([[0, 1_000]]), -1, 0],
  ['a time that is none gives nothing', effect([[0, 1_000]]), Number.NaN, 0],
])('%s', (_what, given, atMs, level) => {
  expect(levelAt(given, atMs)).toBeCloseTo(level, 3);
});

test('whatever the effect and the time, the level is a share', () => {
  const points = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 })), { minLength: 1 })
    .map((all) => all.toSorted(([a], [b]) => a - b));
  fc.assert(
    fc.property(
      points,
      fc.double(),
      fc.option(fc.integer({ min: 100, max: 500 }), { nil: undefined }),
      (all, atMs, repeatMs) => {
        const level = levelAt(effect(all, 1_000, repeatMs), atMs);
        expect(level >= 0 && level <= 1).toBe(true);
      },
    ),
  );
});

test.each<[string, unknown]>([
  ['no object', null],
  ['an unknown output', { ...effect([[0, 1]]), output: 'shock' }],
  ['no end', { ...effect([[0, 1]]), durationMs: Number.POSITIVE_INFINITY }],
  ['too long', effect([[0, 1]], 120_001)],
  ['no points', effect([])],
  ['too many points', effect(Array.from({ length: 65 }, () => [0, 1]))],
  [
    'points backwards',
    effect([
      [10, 1],
      [5, 1],
    ]),
  ],
  ['a level above all', effect([[0, 1_001]])],
  ['a level below nothing', effect([[0, -1]])],
  ['a level between thousandths', effect([[0, 0.5]])],
  ['a repetition too quick', effect([[0, 1]], 1_000, 99)],
])('refused: %s', (_what, given) => {
  expect(isEffect(given)).toBe(false);
});

test('an effect is taken', () => {
  expect(
    isEffect(
      effect(
        [
          [0, 0],
          [100, 1_000],
        ],
        1_000,
        200,
      ),
    ),
  ).toBe(true);
});
