import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { StoredKey } from '../store/signing-keys.ts';
import { type SealKeys, sealSeed } from './seal.ts';

/** A new Ed25519 signing key, its private half sealed. Its id is its thumbprint (RFC 7638). */
export async function newSigningKey(sealKeys: SealKeys, signsFromMs: number): Promise<StoredKey> {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (d === undefined || x === undefined) throw new TypeError('an Ed25519 key without its two halves');
  const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x });
  return {
    kid,
    publicKey: Buffer.from(x, 'base64url'),
    sealedSeed: sealSeed(sealKeys, kid, Buffer.from(d, 'base64url')),
    signsFromMs,
  };
}
