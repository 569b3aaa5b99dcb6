import { AMOUNT_DIGITS_MAX } from './limits.ts';

/** Tokens as a person types them: digits, with spaces, points or commas between groups. Undefined: not an amount. */
export function readAmount(text: string): bigint | undefined {
  const digits = text.trim().replaceAll(/(?<=\d)[\s.,'’](?=\d{3}(?!\d))/g, '');
  if (!/^\d+$/.test(digits)) return undefined;
  const amount = BigInt(digits);
  return amount > 0n && digits.replace(/^0+/, '').length <= AMOUNT_DIGITS_MAX ? amount : undefined;
}
