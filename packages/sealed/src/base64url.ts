import { SealedError } from './sealed-error.ts';

/** Bytes that own a plain ArrayBuffer: what WebCrypto takes under both Node's and the DOM's types. */
export type Bytes = Uint8Array<ArrayBuffer>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const INVALID = 255;

const encodeTable = new TextEncoder().encode(ALPHABET);
const decodeTable = new Uint8Array(128).fill(INVALID);
for (let i = 0; i < encodeTable.length; i += 1) decodeTable[encodeTable[i] ?? 0] = i;
const ascii = new TextDecoder();

/**
 * Bytes as base64url without padding (RFC 4648 section 5).
 *
 * Our own loop, not `Uint8Array.prototype.toBase64`: Node 24 has none, and its Buffer is not in browsers.
 */
export function toBase64Url(bytes: Uint8Array): string {
  const length = bytes.length;
  const out = new Uint8Array(Math.ceil((length * 4) / 3));
  let o = 0;
  for (let i = 0; i < length; i += 3) {
    const chunk = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    // Writes past the end of a typed array do nothing, so a short last group needs no case of its own.
    out[o] = encodeTable[chunk >> 18] ?? 0;
    out[o + 1] = encodeTable[(chunk >> 12) & 63] ?? 0;
    out[o + 2] = encodeTable[(chunk >> 6) & 63] ?? 0;
    out[o + 3] = encodeTable[chunk & 63] ?? 0;
    o += 4;
  }
  return ascii.decode(out);
}

/**
 * The bytes of a base64url text without padding. Strict: each byte string has exactly one text, so a text can
 * be compared, signed or used as a key.
 *
 * @throws SealedError `malformed` on padding, white space, another alphabet, an impossible length, or unused
 * bits that are not zero.
 */
export function fromBase64Url(text: string): Bytes {
  const length = text.length;
  const rest = length % 4;
  if (rest === 1) throw new SealedError('malformed', 'base64url of an impossible length');
  const out = new Uint8Array(Math.floor((length * 3) / 4));
  let o = 0;
  let bits = 0;
  let bitCount = 0;
  for (let i = 0; i < length; i += 1) {
    const value = decodeTable[text.charCodeAt(i)] ?? INVALID;
    if (value === INVALID) throw new SealedError('malformed', 'not base64url');
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      out[o] = bits >> bitCount;
      o += 1;
    }
  }
  if ((bits & ((1 << bitCount) - 1)) !== 0) throw new SealedError('malformed', 'base64url is not canonical');
  return out;
}
