import { localProblem } from './problem-error.ts';

/** Bytes of the secret that device and wallet keys are made of. */
export const SECRET_BYTES = 32;

/** Crockford's base32: no I, L, O or U, so that nothing on paper looks like something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS = 5;
/** The first character: which kind of code this is. */
const VERSION = 1;
const DATA_CHARS = Math.ceil((SECRET_BYTES * 8) / BITS);
const CHECK_CHARS = 3;
/** A version, 52 characters of secret and 3 to check: 14 groups of 4. */
const CODE_CHARS = 1 + DATA_CHARS + CHECK_CHARS;
const GROUP_CHARS = 4;

/**
 * A secret as a code to be printed or written down: groups of four characters. A single wrong character and two
 * neighbours that changed places are always found, anything else by 32,767 in 32,768.
 *
 * @throws RangeError unless the secret has 32 bytes
 */
export function toKeyCode(secret: Uint8Array): string {
  if (secret.length !== SECRET_BYTES) throw new RangeError('a secret has 32 bytes');
  const data = [VERSION, ...toSymbols(secret)];
  const code = [...data, ...checkOf(data)].map((symbol) => ALPHABET.charAt(symbol)).join('');
  return code.replace(new RegExp(`(.{${GROUP_CHARS}})(?=.)`, 'g'), '$1 ');
}

/**
 * The secret of a code, as somebody typed it: in capitals or not, with any spaces and hyphens, I and L for 1, O for 0.
 *
 * @throws ProblemError `key_code_incomplete`, `key_code_mistyped`, `key_code_unknown`
 */
export function readKeyCode(typed: string): Uint8Array<ArrayBuffer> {
  const text = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  const symbols = [...text].map((character) => ALPHABET.indexOf(character));
  if (symbols.includes(-1)) throw localProblem('key_code_mistyped');
  if (symbols.length !== CODE_CHARS) throw localProblem('key_code_incomplete');
  const data = symbols.slice(0, -CHECK_CHARS);
  const check = symbols.slice(-CHECK_CHARS);
  if (checkOf(data).some((symbol, i) => symbol !== check[i])) throw localProblem('key_code_mistyped');
  const secret = fromSymbols(data.slice(1));
  if (data[0] !== VERSION || !secret) throw localProblem('key_code_unknown');
  return secret;
}

/** 5 bits each, the first bits first; the last symbol is filled up with zeros. */
function toSymbols(bytes: Uint8Array): number[] {
  let bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  bits <<= BigInt(DATA_CHARS * BITS - SECRET_BYTES * 8);
  return Array.from({ length: DATA_CHARS }, (_, i) =>
    Number((bits >> BigInt((DATA_CHARS - 1 - i) * BITS)) & 31n),
  );
}

/** Undefined where the filling is not zero: each secret has one code. */
function fromSymbols(symbols: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  const filling = BigInt(DATA_CHARS * BITS - SECRET_BYTES * 8);
  let bits = symbols.reduce((sum, symbol) => (sum << BigInt(BITS)) | BigInt(symbol), 0n);
  if (bits & ((1n << filling) - 1n)) return undefined;
  bits >>= filling;
  const bytes = new Uint8Array(SECRET_BYTES);
  for (let i = SECRET_BYTES - 1; i >= 0; i -= 1) {
    bytes[i] = Number(bits & 255n);
    bits >>= 8n;
  }
  return bytes;
}

/**
 * The check symbols of a Reed-Solomon code over GF(32): what is left of the data when it is divided by a polynomial with
 * the roots 2, 4 and 8. A wrong symbol leaves e·xⁱ and a swap of neighbours e·xⁱ·(1+x): neither is zero at a root, so
 * both are always seen, whatever the length.
 */
function checkOf(data: readonly number[]): number[] {
  const rest = [...data, ...new Array<number>(CHECK_CHARS).fill(0)];
  for (let i = 0; i < data.length; i += 1) {
    const lead = rest[i] ?? 0;
    GENERATOR.forEach((factor, j) => {
      rest[i + j] = (rest[i + j] ?? 0) ^ times(lead, factor);
    });
  }
  return rest.slice(-CHECK_CHARS);
}

const GENERATOR = generatorOf([2, 4, 8]);

/** The product of (x + root), the highest power first. */
function generatorOf(roots: readonly number[]): number[] {
  let product = [1];
  for (const root of roots) {
    const higher = [...product, 0];
    product = higher.map((factor, i) => factor ^ times(product[i - 1] ?? 0, root));
  }
  return product;
}

/** In GF(32) with x⁵ + x² + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    if ((b >> bit) & 1) product ^= a << bit;
  }
  for (let bit = 2 * BITS - 2; bit >= BITS; bit -= 1) {
    if ((product >> bit) & 1) product ^= 0b100101 << (bit - BITS);
  }
  return product;
}
