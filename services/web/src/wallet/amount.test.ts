import { expect, test } from '@jest/globals';
import { readAmount } from './amount.ts';

test('an amount is read as people write it', () => {
  for (const text of ['1000', '1,000', '1 000', '1.000', ' 1’000 '])
    expect(readAmount(text)).toEqual({ is: 'good', amount: 1_000n });
  expect(readAmount('  ')).toEqual({ is: 'empty' });
});

test('what cannot be bought says why before anybody is asked', () => {
  for (const text of ['0', '-5', 'ten', '1e3', '100001', '999999999999999999999'])
    expect(readAmount(text)).toMatchObject({ is: 'wrong' });
});
