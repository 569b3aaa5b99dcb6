import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { Bytes } from './base64url.ts';
import { KEY_BYTES, toBytes } from './keys.ts';
import type { RecipientPublicKey } from './recipient-keys.ts';
import { SealedError } from './sealed-error.ts';
import { assertKeyId, type SealedPayload, toSealedPayload } from './sealed-payload.ts';
import { encodeTipContext } from './tip-context.ts';
import { decodeSignedTipOrder, SIGNED_TIP_ORDER_BYTES_MAX, TIP_ORDER_DOMAIN } from './tip-order.ts';

/** HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM; bytes are the 32 of `enc`, then the ciphertext. */
export const TIP_ORDER_SCHEME = 'nightjar-tip-order-v1';

/**
 * Every order is padded with zeros to this many bytes before sealing, so that the ciphertext's length, 432
 * bytes, tells neither amount nor item.
 */
export const PADDED_TIP_ORDER_BYTES = 384;

// The longest order has to fit, or some orders would have a length of their own.
if (SIGNED_TIP_ORDER_BYTES_MAX > PADDED_TIP_ORDER_BYTES)
  throw new Error('a signed tip order outgrew its padding');

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});

/**
 * HPKE's `info` for a tip order: its domain, a zero byte, and the id of the key, so that a payload cannot be
 * passed off under another key's id.
 *
 * @throws SealedError `malformed` when the id is not one.
 */
export function tipOrderInfo(keyId: string): Bytes {
  assertKeyId(keyId);
  return new TextEncoder().encode(`${TIP_ORDER_DOMAIN}\0${keyId}`);
}

/**
 * Seals a signed order to payments (RFC 9180), bound to its tip and room: whoever carries it sees neither
 * wallet nor amount, and can use it for nothing else.
 *
 * @param signed what `signTipOrder` gave.
 * @throws SealedError `malformed` when the order or the recipient's key is not one.
 */
export async function sealTipOrder(
  signed: Uint8Array,
  recipient: RecipientPublicKey,
): Promise<SealedPayload> {
  const { order } = decodeSignedTipOrder(signed);
  if (recipient.publicKey.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  const info = tipOrderInfo(recipient.keyId);
  const padded = new Uint8Array(PADDED_TIP_ORDER_BYTES);
  padded.set(signed);
  const recipientPublicKey = await suite.kem.importKey(
    'raw',
    toBytes(recipient.publicKey).slice().buffer,
    true,
  );
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, padded, encodeTipContext(order));
  const bytes = new Uint8Array(enc.byteLength + ct.byteLength);
  bytes.set(new Uint8Array(enc));
  bytes.set(new Uint8Array(ct), enc.byteLength);
  return toSealedPayload(TIP_ORDER_SCHEME, recipient.keyId, bytes);
}
