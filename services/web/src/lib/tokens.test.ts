import { expect, test } from '@jest/globals';
import { readTokens } from './tokens.ts';

test.each([
  ['25', 25n],
  [' 1,000 ', 1_000n],
  ['1.000', 1_000n],
  ['1 000 000', 1_000_000n],
  ['007', 7n],
  ['0', 0n],
])('%s is an amount', (text, amount) => {
  expect(readTokens(text)).toBe(amount);
});

test.each(['', '-5', '1.5', '1,00', '12e3', 'ten', '1234567890123'])('%s is none', (text) => {
  expect(readTokens(text)).toBeUndefined();
});
