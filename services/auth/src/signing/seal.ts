import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** The keys that private signing keys are encrypted under: the first seals, all open. */
export type SealKeys = readonly [Uint8Array, ...Uint8Array[]];

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const context = (kid: string) => Buffer.from(`nightjar/signing-key/v1\n${kid}`);

/** nonce, tag, ciphertext; bound to the key's id, so that rows cannot be exchanged. */
export function sealSeed(keys: SealKeys, kid: string, seed: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keys[0], nonce, { authTagLength: TAG_BYTES }).setAAD(context(kid));
  const sealed = Buffer.concat([cipher.update(seed), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** The seed, or undefined when none of the keys sealed it. */
export function openSeed(keys: SealKeys, kid: string, sealed: Uint8Array): Buffer | undefined {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  for (const key of keys) {
    try {
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(context(kid))
        .setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch {
      // Sealed by another key of the list, or by none.
    }
  }
  return undefined;
}
