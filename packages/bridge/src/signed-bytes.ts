/**
 * Bytes and an Ed25519 signature over them (RFC 8032), by WebCrypto, so that it works in Node, in Workers and in pages.
 * Imports nothing: services use it too. Whoever signs puts a domain at the head of the bytes.
 */

/** On the wire and in a store; all three are base64url without padding. */
export interface SignedBytes {
  readonly body: string;
  readonly signature: string;
  readonly publicKey: string;
}

/** WebCrypto's key, by whatever name the platform's types give it. */
export type PrivateKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export interface SigningPair {
  readonly privateKey: PrivateKey;
  /** The public half, 32 raw bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** Of the largest body that is read. */
const BODY_BYTES_MAX = 1_024;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

export async function signBytes(key: SigningPair, bytes: Uint8Array<ArrayBuffer>): Promise<SignedBytes> {
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, bytes));
  return {
    body: toBase64url(bytes),
    signature: toBase64url(signature),
    publicKey: toBase64url(key.publicKey),
  };
}

/**
 * The bytes, if all is well with them.
 * @param publicKey the 32 raw bytes of the key that they must be signed by; left out, the key that they name themselves
 * @returns undefined when anything is wrong: encoding, size, key or signature
 */
export async function openBytes(
  signed: SignedBytes,
  publicKey?: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = fromBase64url(signed.body);
  const signature = fromBase64url(signed.signature);
  const named = fromBase64url(signed.publicKey);
  if (bytes === undefined || bytes.length > BODY_BYTES_MAX) return undefined;
  if (signature?.length !== SIGNATURE_BYTES || named?.length !== PUBLIC_KEY_BYTES) return undefined;
  if (publicKey !== undefined && !sameBytes(named, publicKey)) return undefined;
  try {
    const key = await crypto.subtle.importKey('raw', named, 'Ed25519', false, ['verify']);
    return (await crypto.subtle.verify('Ed25519', key, signature, bytes)) ? bytes : undefined;
  } catch {
    return undefined; // not a point of the curve
  }
}

/**
 * Canonical bytes: the domain's line, then a JSON array of the fields in a fixed order, in UTF-8. The domain ends with a
 * line feed and is part of what is signed, so that a signature cannot be used for anything else.
 */
export function bytesOfFields(domain: string, fields: readonly unknown[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(domain + JSON.stringify(fields));
}

/** The fields of canonical bytes, not checked yet; undefined when they are not of this domain or count. */
export function fieldsOfBytes(domain: string, count: number, bytes: Uint8Array): unknown[] | undefined {
  if (bytes.length > BODY_BYTES_MAX) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.startsWith(domain)) return undefined;
    const fields: unknown = JSON.parse(text.slice(domain.length));
    return Array.isArray(fields) && fields.length === count ? fields : undefined;
  } catch {
    return undefined;
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Strict: no padding, no other alphabet, no stray bits. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (typeof text !== 'string' || text.length > 2 * BODY_BYTES_MAX || !/^[A-Za-z0-9_-]+$/.test(text))
    return undefined;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    return toBase64url(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
