import { expect, test } from '@jest/globals';
import { coverShape } from './cover.ts';

test('a room has the same cover each time, and neighbours have others', () => {
  expect(coverShape('demo-7k2m9x')).toEqual(coverShape('demo-7k2m9x'));
  const covers = Array.from({ length: 40 }, (_, i) => JSON.stringify(coverShape(`room-${i}`)));
  expect(new Set(covers).size).toBeGreaterThan(38);
});
