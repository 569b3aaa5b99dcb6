import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type KeyObject,
} from 'node:crypto';
import { toBase64Url } from '../base64url.ts';
import { KEY_BYTES } from '../keys.ts';
import { SealedError } from '../sealed-error.ts';

/** Bytes of an authentication tag of AES-GCM. */
const TAG_BYTES = 16;
const HASH_BYTES = 32;
const HASH_BLOCK_BYTES = 64;
const AEAD_KEY_BYTES = 16;
const AEAD_NONCE_BYTES = 12;

const EMPTY = Buffer.alloc(0);
const VERSION = Buffer.from('HPKE-v1');
const ONE = Buffer.of(1);
/** RFC 9180 section 4.1: KEM 0x0020, DHKEM(X25519, HKDF-SHA256). */
const KEM_SUITE = Buffer.from('KEM\x00\x20', 'latin1');
/** RFC 9180 section 5.1: KEM 0x0020, KDF 0x0001 (HKDF-SHA256), AEAD 0x0001 (AES-128-GCM). */
const HPKE_SUITE = Buffer.from('HPKE\x00\x20\x00\x01\x00\x01', 'latin1');
/** RFC 8410: the PKCS #8 frame around a raw X25519 private key. */
const PKCS8_FRAME = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A private key with all that does not depend on the message worked out beforehand. */
export interface HpkeRecipient {
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
  readonly keyScheduleContext: Uint8Array;
}

/**
 * HMAC-SHA256 (RFC 2104) for keys of at most one block, by two one-shot hashes. An open needs five, and with
 * `createHmac` costs twice as much. RFC 9180's vectors hold this to the standard.
 */
function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const inner = Buffer.alloc(HASH_BLOCK_BYTES, 0x36);
  const outer = Buffer.alloc(HASH_BLOCK_BYTES, 0x5c);
  for (let i = 0; i < key.length; i += 1) {
    const byte = key[i] ?? 0;
    inner[i] = 0x36 ^ byte;
    outer[i] = 0x5c ^ byte;
  }
  const innerHash = hash('sha256', Buffer.concat([inner, ...parts]), 'buffer');
  return hash('sha256', Buffer.concat([outer, innerHash]), 'buffer');
}

/** RFC 9180 section 4, LabeledExtract. */
function labeledExtract(suite: Buffer, salt: Uint8Array, label: string, input: Uint8Array): Buffer {
  return hmac(salt, VERSION, suite, Buffer.from(label), input);
}

/** RFC 9180 section 4, LabeledExpand, for lengths of at most one hash: HKDF's loop runs once. */
function labeledExpand(
  suite: Buffer,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Buffer {
  return hmac(prk, Buffer.of(0, length), VERSION, suite, Buffer.from(label), info, ONE).subarray(0, length);
}

/**
 * Prepares an X25519 private key for messages with this `info`.
 *
 * @throws SealedError `malformed` when the key is not 32 bytes.
 */
export function hpkeRecipient(privateKeyRaw: Uint8Array, info: Uint8Array): HpkeRecipient {
  if (privateKeyRaw.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_FRAME, privateKeyRaw]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('the platform exported a JWK without x');
  return {
    privateKey,
    publicKey: Buffer.from(x, 'base64url'),
    keyScheduleContext: Buffer.concat([
      Buffer.of(0), // mode_base
      labeledExtract(HPKE_SUITE, EMPTY, 'psk_id_hash', EMPTY),
      labeledExtract(HPKE_SUITE, EMPTY, 'info_hash', info),
    ]),
  };
}

/**
 * Opens one single-shot HPKE message (RFC 9180, base mode, sequence number 0) without leaving the thread.
 *
 * @param sealed `enc`, the ciphertext and its tag, in one piece.
 * @throws SealedError `not_opened` for whatever does not decrypt; it does not say why.
 */
export function hpkeOpen(recipient: HpkeRecipient, sealed: Uint8Array, aad: Uint8Array): Buffer {
  if (sealed.length < KEY_BYTES + TAG_BYTES) throw new SealedError('not_opened', 'too short to be sealed');
  const enc = sealed.subarray(0, KEY_BYTES);
  try {
    const { key, nonce } = schedule(recipient, enc);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = decipher.update(sealed.subarray(KEY_BYTES, -TAG_BYTES));
    decipher.final();
    return plain;
  } catch (cause) {
    throw new SealedError('not_opened', 'does not open with this key for this tip', { cause });
  }
}

function schedule(recipient: HpkeRecipient, enc: Uint8Array): { key: Buffer; nonce: Buffer } {
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: toBase64Url(enc) },
    format: 'jwk',
  });
  // OpenSSL refuses an all-zero result, as RFC 9180 section 7.1.4 asks for.
  const dh = diffieHellman({ privateKey: recipient.privateKey, publicKey });
  const kemContext = Buffer.concat([enc, recipient.publicKey]);
  const eaePrk = labeledExtract(KEM_SUITE, EMPTY, 'eae_prk', dh);
  const shared = labeledExpand(KEM_SUITE, eaePrk, 'shared_secret', kemContext, HASH_BYTES);
  const secret = labeledExtract(HPKE_SUITE, shared, 'secret', EMPTY);
  const context = recipient.keyScheduleContext;
  return {
    key: labeledExpand(HPKE_SUITE, secret, 'key', context, AEAD_KEY_BYTES),
    nonce: labeledExpand(HPKE_SUITE, secret, 'base_nonce', context, AEAD_NONCE_BYTES),
  };
}
