import { type Bytes, fromBase64Url, toBase64Url } from './base64url.ts';
import { SealedError } from './sealed-error.ts';

/** Bytes of a raw Ed25519 or X25519 public key, of an Ed25519 seed, and of an X25519 private key. */
export const KEY_BYTES = 32;
/** Bytes of an Ed25519 signature. */
export const SIGNATURE_BYTES = 64;

/** A WebCrypto key, named so that it compiles under Node's types and under the DOM's. */
export type PlatformKey = InstanceType<typeof CryptoKey>;

/** An Ed25519 key pair: the private half stays in the platform, the public half is 32 raw bytes. */
export interface SigningKeyPair {
  readonly privateKey: PlatformKey;
  readonly publicKey: Bytes;
}

export interface KeyOptions {
  /**
   * Whether the private key may ever be read out again. Pages leave it false and keep the key object in
   * IndexedDB; a program that keeps its key in a file says true.
   */
  readonly extractable: boolean;
}

const ED25519 = 'Ed25519';
/** RFC 8410: the PKCS #8 frame around a 32-byte Ed25519 seed, the one private form that every platform imports. */
const PKCS8_FRAME = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

/** Copies when it must: WebCrypto's types refuse views on memory that might be shared. */
export function toBytes(view: Uint8Array): Bytes {
  return view.buffer instanceof ArrayBuffer ? (view as Bytes) : new Uint8Array(view);
}

function assertKeyBytes(raw: Uint8Array): void {
  if (raw.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
}

/** A new Ed25519 key pair (RFC 8032) for a device, a wallet or a bridge. */
export async function generateSigningKeyPair(options: KeyOptions): Promise<SigningKeyPair> {
  const pair = await crypto.subtle.generateKey(ED25519, options.extractable, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('the platform made no Ed25519 pair');
  return {
    privateKey: pair.privateKey,
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
  };
}

/**
 * The key pair of a 32-byte seed (RFC 8032 section 5.1.5), as `exportSigningSeed` gave it.
 *
 * @throws SealedError `malformed` when the seed has another length.
 */
export async function importSigningKeyPair(seed: Uint8Array, options: KeyOptions): Promise<SigningKeyPair> {
  assertKeyBytes(seed);
  const pkcs8 = new Uint8Array(PKCS8_FRAME.length + KEY_BYTES);
  pkcs8.set(PKCS8_FRAME);
  pkcs8.set(seed, PKCS8_FRAME.length);
  // WebCrypto derives a public key only on the way out of a JWK, hence a first, extractable import.
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, ED25519, true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', readable);
  if (x === undefined) throw new TypeError('the platform exported a JWK without x');
  const privateKey = options.extractable
    ? readable
    : await crypto.subtle.importKey('pkcs8', pkcs8, ED25519, false, ['sign']);
  return { privateKey, publicKey: fromBase64Url(x) };
}

/**
 * The 32-byte seed of an Ed25519 private key. Whoever has it is the wallet or device: for a file with mode
 * 0600, never for a log or a wire.
 *
 * @throws SealedError `not_extractable` when the key was made to stay inside.
 */
export async function exportSigningSeed(privateKey: PlatformKey): Promise<Bytes> {
  if (!privateKey.extractable)
    throw new SealedError('not_extractable', 'this private key cannot be exported');
  const { d } = await crypto.subtle.exportKey('jwk', privateKey);
  if (d === undefined) throw new SealedError('malformed', 'not a private key');
  return fromBase64Url(d);
}

/** Signs with Ed25519. Callers put a domain at the head of what they sign, so that no two uses can be mixed up. */
export async function sign(privateKey: PlatformKey, message: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(ED25519, privateKey, toBytes(message)));
}

/**
 * Whether `signature` is the key's over `message`. False for a signature of a wrong length too.
 *
 * @throws SealedError `malformed` when the public key is not 32 bytes.
 */
export async function verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  assertKeyBytes(publicKey);
  if (signature.length !== SIGNATURE_BYTES) return false;
  const key = await crypto.subtle.importKey('raw', toBytes(publicKey), ED25519, false, ['verify']);
  return crypto.subtle.verify(ED25519, key, toBytes(signature), toBytes(message));
}

/** An Ed25519 public key as a JWK (RFC 8037) with its required members only, in the order of RFC 7638. */
export function toPublicJwk(publicKey: Uint8Array): { crv: 'Ed25519'; kty: 'OKP'; x: string } {
  assertKeyBytes(publicKey);
  return { crv: ED25519, kty: 'OKP', x: toBase64Url(publicKey) };
}
