import { expect, test } from '@jest/globals';
import { EFFECT_MS_MAX } from '@nightjar/contracts/effect';
import fc from 'fast-check';
import { TIP_TOKENS_MAX } from '../limits.ts';
import { outcomeShare } from './outcome-share.ts';

const amounts = fc.bigInt({ min: 1n, max: TIP_TOKENS_MAX });
const spans = fc
  .integer({ min: 1, max: EFFECT_MS_MAX })
  .chain((durationMs) => fc.tuple(fc.constant(durationMs), fc.integer({ min: 0, max: durationMs })));

test('a part never costs more than its share of the time, and less than one token less', () => {
  fc.assert(
    fc.property(amounts, spans, (amount, [durationMs, ranMs]) => {
      const { settled } = outcomeShare(amount, durationMs, 'partly', ranMs);
      const exact = amount * BigInt(ranMs);
      expect(settled * BigInt(durationMs) <= exact).toBe(true);
      expect((settled + 1n) * BigInt(durationMs) > exact).toBe(true);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('all of it for what ran, nothing for what did not begin', () => {
  expect(outcomeShare(7n, 3_000, 'ran', 3_000)).toEqual({ settled: 7n, ranMs: 3_000 });
  expect(outcomeShare(7n, 3_000, 'partly', 3_000)).toEqual({ settled: 7n, ranMs: 3_000 });
  expect(outcomeShare(7n, 3_000, 'expired', 0)).toEqual({ settled: 0n, ranMs: 0 });
  expect(outcomeShare(7n, 3_000, 'refused', 0)).toEqual({ settled: 0n, ranMs: 0 });
});

test.each([-1, 3_001, 0.5, Number.NaN])('%d ms of 3000 cannot be', (ranMs) => {
  expect(() => outcomeShare(7n, 3_000, 'partly', ranMs)).toThrow(RangeError);
});
