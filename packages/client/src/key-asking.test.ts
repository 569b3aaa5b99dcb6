import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type KeyWant, keyAskDelayMs } from './key-asking.ts';
import { KEY_ASK_RETRY_MS_MAX, KEY_WRAP_SPREAD_MS, KEY_WRAP_WAIT_MS } from './limits.ts';

const want = fc.constantFrom<KeyWant>('came', 'began', 'rotated');
const random = fc.double({ min: 0, max: 1, noNaN: true });
const seeded = { seed: 13, numRuns: 300 };

test('a newcomer hardly waits, a whole room is spread, and who gets its key anyway waits for it', () => {
  expect(keyAskDelayMs('came', 0, 1)).toBeLessThanOrEqual(100);
  expect(keyAskDelayMs('began', 0, 1)).toBe(2_000);
  expect(keyAskDelayMs('rotated', 0, 0)).toBe(KEY_WRAP_WAIT_MS);
  expect(keyAskDelayMs('rotated', 0, 1)).toBe(KEY_WRAP_WAIT_MS + KEY_WRAP_SPREAD_MS);
});

test('unanswered asks come further and further apart, by chance, never more than a minute', () => {
  fc.assert(
    fc.property(want, fc.integer({ min: 1, max: 10_000 }), random, (why, asked, one) => {
      const delayMs = keyAskDelayMs(why, asked, one);
      expect(delayMs).toBeGreaterThanOrEqual(1_000);
      expect(delayMs).toBeLessThanOrEqual(KEY_ASK_RETRY_MS_MAX);
    }),
    seeded,
  );
});
