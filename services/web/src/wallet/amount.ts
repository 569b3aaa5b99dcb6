import { readTokens } from '../lib/tokens.ts';
import { TOP_UP_MAX } from './limits.ts';

export type Amount =
  | { readonly is: 'empty' }
  | { readonly is: 'good'; readonly amount: bigint }
  | { readonly is: 'wrong'; readonly why: string };

/** What somebody typed as an amount to buy. Thousands may be set apart as people do. */
export function readAmount(text: string): Amount {
  if (text.trim() === '') return { is: 'empty' };
  const amount = readTokens(text);
  if (amount === undefined) return { is: 'wrong', why: 'Whole tokens, in figures.' };
  if (amount < 1n) return { is: 'wrong', why: 'At least 1 token.' };
  if (amount > TOP_UP_MAX)
    return { is: 'wrong', why: `At most ${TOP_UP_MAX.toLocaleString('en')} tokens at once.` };
  return { is: 'good', amount };
}
