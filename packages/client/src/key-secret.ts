import { importSigningKeyPair, type SigningKeyPair } from '@nightjar/sealed/keys';
import { SECRET_BYTES } from './key-code.ts';

/** The names of keys that a secret has in it: what a printed code brings back. */
export const BACKED_UP_KEYS = ['device', 'wallet'] as const;
export type BackedUpKey = (typeof BACKED_UP_KEYS)[number];

export function isBackedUpKey(name: string): name is BackedUpKey {
  return (BACKED_UP_KEYS as readonly string[]).includes(name);
}

export function newSecret(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/**
 * A key of a secret: HKDF-SHA256 (RFC 5869) with a domain for each, so that neither key says anything of the other, nor
 * of the secret. It cannot be read out again.
 */
export async function keyOfSecret(
  secret: Uint8Array<ArrayBuffer>,
  name: BackedUpKey,
): Promise<SigningKeyPair> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode(`nightjar/${name}-key/v1`);
  const seed = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    material,
    SECRET_BYTES * 8,
  );
  return importSigningKeyPair(new Uint8Array(seed), { extractable: false });
}
