import { expect, jest, test } from '@jest/globals';
import { itemAt, MENU } from './menu.ts';
import { Pacer } from './pacer.ts';
import { seeded } from './seeded.ts';

test('the same seed makes the same evening, another one another', () => {
  const draw = (seed: number) => {
    const chance = seeded(seed);
    return Array.from({ length: 50 }, () => chance.pick(['a', 'b', 'c', 'd'])).join('');
  };
  expect(draw(7)).toBe(draw(7));
  expect(draw(7)).not.toBe(draw(8));
  expect(new Set(draw(7))).toEqual(new Set('abcd'));
  expect(() => seeded(1).pick([])).toThrow(RangeError);
});

test('every share of chance has an item, and every item its share', () => {
  const items = new Set(Array.from({ length: 1_000 }, (_, i) => itemAt(i / 1_000)));
  expect(items.size).toBe(MENU.length);
});

test('a load goes on at its pace until it is ended, whatever becomes of what it does', () => {
  jest.useFakeTimers();
  let done = 0;
  const pacer = new Pacer(5, () => {
    done += 1;
    void new Promise(() => {});
  });
  jest.advanceTimersByTime(1_000);
  expect(done).toBe(5);
  jest.advanceTimersByTime(2_000);
  expect(done).toBe(15);
  pacer[Symbol.dispose]();
  jest.advanceTimersByTime(2_000);
  expect(done).toBe(15);
  jest.useRealTimers();
});
