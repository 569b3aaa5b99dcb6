import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KEY_BYTES } from '../keys.ts';
import { SealedError } from '../sealed-error.ts';
import { assertKeyId, type SealedPayload, sealedBytes, toSealedPayload } from '../sealed-payload.ts';
import { assertId, encodeTipContext, ID_CHARS_MAX, type TipContext } from '../tip-context.ts';

/** AES-256-GCM; bytes are the 12 of the nonce, then the ciphertext and its tag of 16. */
export const SENDER_SCHEME = 'nightjar-sender-v1';

/**
 * Envelopes that one key may close. Nonces are random and 96 bits long: beyond 2^32 two of them may be the
 * same with more than the probability of 2^-32 that NIST SP 800-38D section 8.3 allows. At 1,000 tips a second
 * that is 49 days, so keys are rotated monthly.
 */
export const SENDER_ENVELOPES_PER_KEY_MAX = 2 ** 32;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A length in one byte and the longest pseudonym: every envelope has the same length. */
const PLAIN_BYTES = 1 + ID_CHARS_MAX;
const ENVELOPE_BYTES = NONCE_BYTES + PLAIN_BYTES + TAG_BYTES;

/** A symmetric key that only `events` has. */
export interface SenderKey {
  /** Chosen by its owner; never used again for another key. */
  readonly keyId: string;
  /** 32 random bytes. */
  readonly key: Uint8Array;
}

/** The keys that envelopes may be closed with, by id. While keys rotate it holds the old one and the new one. */
export type SenderKeyRing = ReadonlyMap<string, SenderKey>;

/** Who tipped, under the name that the room knows. */
export interface Sender {
  readonly pseudonym: string;
}

/** @throws SealedError `malformed` when a key or its id is not one, or an id comes twice. */
export function senderKeyRing(keys: Iterable<SenderKey>): SenderKeyRing {
  const ring = new Map<string, SenderKey>();
  for (const key of keys) {
    if (ring.has(key.keyId)) throw new SealedError('malformed', 'a key id comes twice');
    assertSenderKey(key);
    ring.set(key.keyId, key);
  }
  return ring;
}

/**
 * Closes the sender of a tip into an envelope that payments stores and hands back without reading: so that
 * payments, which knows the wallet, does not learn the pseudonym, and `events`, which knows the pseudonym, does
 * not learn the wallet.
 *
 * @throws SealedError `malformed` when the key, the pseudonym or the context is not one.
 */
export function closeSender(key: SenderKey, sender: Sender, context: TipContext): SealedPayload {
  assertSenderKey(key);
  assertId(sender.pseudonym);
  const plain = Buffer.alloc(PLAIN_BYTES);
  plain[0] = sender.pseudonym.length;
  plain.write(sender.pseudonym, 1, 'latin1');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(key.keyId, context));
  const bytes = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return toSealedPayload(SENDER_SCHEME, key.keyId, bytes);
}

/**
 * Opens an envelope that came back with its tip.
 *
 * @throws SealedError `wrong_scheme`, `unknown_key`, `malformed`, or `not_opened` when it was altered or belongs
 * to another tip.
 */
export function openSender(envelope: SealedPayload, ring: SenderKeyRing, context: TipContext): Sender {
  const key = ring.get(envelope.keyId);
  if (key === undefined) throw new SealedError('unknown_key', 'closed with a key that is not held');
  const bytes = sealedBytes(envelope, SENDER_SCHEME);
  if (bytes.length !== ENVELOPE_BYTES) throw new SealedError('malformed', 'not the length of an envelope');
  const plain = decrypt(key, bytes, associatedData(key.keyId, context));
  return { pseudonym: plain.toString('latin1', 1, 1 + (plain[0] ?? 0)) };
}

function decrypt(key: SenderKey, bytes: Uint8Array, aad: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch (cause) {
    throw new SealedError('not_opened', 'does not open with this key for this tip', { cause });
  }
  return plain;
}

function associatedData(keyId: string, context: TipContext): Buffer {
  return Buffer.concat([Buffer.from(`${SENDER_SCHEME}\0${keyId}\0`), encodeTipContext(context)]);
}

function assertSenderKey({ keyId, key }: SenderKey): void {
  assertKeyId(keyId);
  if (key.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
}
