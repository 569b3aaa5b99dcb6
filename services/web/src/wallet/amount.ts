import { TOP_UP_MAX } from './limits.ts';

export type Amount =
  | { readonly is: 'empty' }
  | { readonly is: 'good'; readonly amount: bigint }
  | { readonly is: 'wrong'; readonly why: string };

/** What somebody typed as an amount to buy. Thousands may be set apart as people do. */
export function readAmount(text: string): Amount {
  const digits = text.replaceAll(/[\s,.’'_]/g, '');
  if (digits === '') return { is: 'empty' };
  if (!/^[0-9]+$/.test(digits)) return { is: 'wrong', why: 'Whole tokens, in figures.' };
  const amount = BigInt(digits.slice(0, 12));
  if (amount < 1n) return { is: 'wrong', why: 'At least 1 token.' };
  if (amount > TOP_UP_MAX)
    return { is: 'wrong', why: `At most ${TOP_UP_MAX.toLocaleString('en')} tokens at once.` };
  return { is: 'good', amount };
}
