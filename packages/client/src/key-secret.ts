import { importSigningKeyPair, type PlatformKey, type SigningKeyPair } from '@nightjar/sealed/keys';
import { KEEPER_KEY_PREFIX } from './keeper-state.ts';
import { SECRET_BYTES } from './key-code.ts';

/** The keys that a printed code brings back as they were, besides those that a keeper signs with. */
export const BACKED_UP_KEYS = ['device', 'wallet'] as const;
export type BackedUpKey = (typeof BACKED_UP_KEYS)[number];

export function isBackedUpKey(name: string): name is BackedUpKey {
  return (BACKED_UP_KEYS as readonly string[]).includes(name);
}

/** The keys that a keeper signs with: one a room, so that viewers believe the same broadcaster on another device. */
export function isKeeperKey(name: string): boolean {
  return name.startsWith(KEEPER_KEY_PREFIX);
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
  return toPair(await derive(await importRoot(secret), `nightjar/${name}-key/v1`));
}

/**
 * What keepers' keys are made of, once the secret itself is gone: it says nothing of device and wallet, and cannot be
 * read out. Rooms to come get their keys from it as well.
 */
export async function keepersOfSecret(secret: Uint8Array<ArrayBuffer>): Promise<PlatformKey> {
  return importRoot(await derive(await importRoot(secret), 'nightjar/keeper-keys/v1'));
}

/** @param name a key's name for which `isKeeperKey` holds */
export async function keyOfKeepers(keepers: PlatformKey, name: string): Promise<SigningKeyPair> {
  return toPair(await derive(keepers, `nightjar/${name}-key/v1`));
}

function importRoot(bytes: Uint8Array<ArrayBuffer>): Promise<PlatformKey> {
  return crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']);
}

async function derive(root: PlatformKey, domain: string): Promise<Uint8Array<ArrayBuffer>> {
  const info = new TextEncoder().encode(domain);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(params, root, SECRET_BYTES * 8));
}

function toPair(seed: Uint8Array): Promise<SigningKeyPair> {
  return importSigningKeyPair(seed, { extractable: false });
}
