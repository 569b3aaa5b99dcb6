import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { betterOffset, measureOffset, serverTime } from './clock-offset.ts';

test("the server's time lies within the error, wherever in the round trip it was read", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1_000, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rttMs, share) => {
        const offset = measureOffset(5_000, 5_000 + rttMs, 1e12 + 5_000 + rttMs * share);
        const time = serverTime(offset, 5_000 + rttMs);
        expect(Math.abs(time.ms - (1e12 + 5_000 + rttMs))).toBeLessThanOrEqual(time.errorMs + 1e-3);
      },
    ),
  );
});

test('a worse measurement is taken only when the better one has grown old', () => {
  const good = measureOffset(0, 10, 0);
  const soon = measureOffset(1_000, 1_100, 0);
  const late = measureOffset(400_000, 400_100, 0);
  expect(betterOffset(good, soon)).toBe(good);
  expect(betterOffset(good, late)).toBe(late);
  expect(serverTime(good, 100_010).errorMs).toBe(25);
});
