import { createPrivateKey, createPublicKey } from 'node:crypto';

/** RFC 8410: the PKCS #8 frame around an Ed25519 seed. */
const PKCS8_FRAME = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The public key of an Ed25519 seed, both in base64url: what an operator makes a broadcaster. */
export function publicKeyOfSeed(seed: string): string {
  const pkcs8 = Buffer.concat([PKCS8_FRAME, Buffer.from(seed.trim(), 'base64url')]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'jwk' }).x ?? '';
}
