import { type Bytes, fromBase64Url } from './base64url.ts';

/** The public half of a key that others seal to, as it is published. */
export interface RecipientPublicKey {
  /** Chosen by its owner; never used again for another key. */
  readonly keyId: string;
  /** X25519, 32 raw bytes. */
  readonly publicKey: Uint8Array;
}

/** The private half, as its owner keeps it in a secret file. */
export interface RecipientPrivateKey {
  readonly keyId: string;
  /** X25519, 32 raw bytes. */
  readonly privateKey: Uint8Array;
}

/** A new X25519 key pair (RFC 7748) to be sealed to, in raw bytes: for a server's secret file. */
export async function generateRecipientKeyPair(): Promise<{ privateKey: Bytes; publicKey: Bytes }> {
  const pair = await crypto.subtle.generateKey('X25519', true, ['deriveBits']);
  if (!('privateKey' in pair)) throw new TypeError('the platform made no X25519 pair');
  const { d, x } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  if (d === undefined || x === undefined) throw new TypeError('the platform exported an incomplete JWK');
  return { privateKey: fromBase64Url(d), publicKey: fromBase64Url(x) };
}
