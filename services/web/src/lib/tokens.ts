/** Figures that are still read; no amount that anybody means has more. */
const DIGITS_MAX = 12;

/** Tokens as a person types them: figures, with spaces, points or commas between thousands. Undefined: not an amount. */
export function readTokens(text: string): bigint | undefined {
  const digits = text.trim().replaceAll(/(?<=\d)[\s.,'’](?=\d{3}(?!\d))/g, '');
  if (!/^\d+$/.test(digits) || digits.replace(/^0+/, '').length > DIGITS_MAX) return undefined;
  return BigInt(digits);
}
