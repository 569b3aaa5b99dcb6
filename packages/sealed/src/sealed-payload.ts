import { type Bytes, fromBase64Url, toBase64Url } from './base64url.ts';
import { SealedError } from './sealed-error.ts';

/** Bytes that one sealed payload may hold, before base64url. */
export const SEALED_BYTES_MAX = 16_384;
/** Characters of a scheme's name. */
export const SEALED_SCHEME_CHARS_MAX = 32;
/** Characters of a key's id. */
export const SEALED_KEY_ID_CHARS_MAX = 64;

const SCHEME = /^[a-z0-9][a-z0-9.-]{0,31}$/;
const KEY_ID = /^[A-Za-z0-9_.:-]{1,64}$/;

/**
 * Ciphertext as it travels in JSON: who holds it can route, store and forget it, and read nothing in it.
 * `scheme` says how it was sealed, `keyId` for which key, `bytes` is base64url without padding.
 */
export interface SealedPayload {
  readonly scheme: string;
  readonly keyId: string;
  readonly bytes: string;
}

/** @throws SealedError `malformed` when the id is empty, too long or holds other characters than `A-Z a-z 0-9 _ . : -`. */
export function assertKeyId(keyId: string): void {
  if (!KEY_ID.test(keyId)) throw new SealedError('malformed', 'not a key id');
}

/** @throws SealedError `malformed` when a part breaks its limit. */
export function toSealedPayload(scheme: string, keyId: string, bytes: Uint8Array): SealedPayload {
  if (!SCHEME.test(scheme)) throw new SealedError('malformed', 'not a scheme');
  assertKeyId(keyId);
  if (bytes.length === 0 || bytes.length > SEALED_BYTES_MAX) {
    throw new SealedError('malformed', 'a sealed payload is empty or too long');
  }
  return { scheme, keyId, bytes: toBase64Url(bytes) };
}

/**
 * Reads a sealed payload out of parsed JSON without looking inside: for those who pass it on. Returns a copy
 * with the three known fields and nothing else.
 *
 * @throws SealedError `malformed` when it is not one, or breaks a limit.
 */
export function readSealedPayload(value: unknown): SealedPayload {
  if (typeof value !== 'object' || value === null) throw new SealedError('malformed', 'not a sealed payload');
  const { scheme, keyId, bytes } = value as Partial<Record<keyof SealedPayload, unknown>>;
  if (typeof scheme !== 'string' || typeof keyId !== 'string' || typeof bytes !== 'string') {
    throw new SealedError('malformed', 'not a sealed payload');
  }
  return toSealedPayload(scheme, keyId, decode(bytes));
}

/**
 * The ciphertext of a payload of a known scheme.
 *
 * @throws SealedError `wrong_scheme`, or `malformed` when the text is not base64url or too long.
 */
export function sealedBytes(payload: SealedPayload, scheme: string): Bytes {
  if (payload.scheme !== scheme) throw new SealedError('wrong_scheme', 'sealed by another scheme');
  return decode(payload.bytes);
}

function decode(text: string): Bytes {
  // Before decoding, so that a huge text costs nothing.
  if (text.length > Math.ceil((SEALED_BYTES_MAX * 4) / 3)) {
    throw new SealedError('malformed', 'a sealed payload is too long');
  }
  return fromBase64Url(text);
}
