import type { Bytes } from './base64url.ts';
import { type PlatformKey, SIGNATURE_BYTES, sign } from './keys.ts';
import { SealedError } from './sealed-error.ts';
import { assertId, ID_CHARS_MAX, writeAscii } from './tip-context.ts';

/** What a wallet signs when it tips. It is bound to one room and one tip id, and ends by itself. */
export interface TipOrder {
  readonly tipId: string;
  readonly roomId: string;
  readonly walletId: string;
  /** Tokens, from 1 to `TIP_AMOUNT_MAX`. */
  readonly amount: bigint;
  /** The menu item, when the tip asks for one. */
  readonly itemId?: string;
  /** Milliseconds since 1970, by the server's clock. The reader compares it with its own: nothing here has a clock. */
  readonly expiresAt: number;
}

/** The largest amount in tokens: a signed 64-bit integer, as in the ledger. */
export const TIP_AMOUNT_MAX = 2n ** 63n - 1n;
/** Milliseconds: the last moment that a `Date` can hold. */
export const EXPIRES_AT_MAX = 8.64e15;

/** At the head of the signed bytes, closed by a zero byte, so that this signature can mean nothing else. */
export const TIP_ORDER_DOMAIN = 'nightjar/tip-order/v1';

const HEAD = new TextEncoder().encode(`${TIP_ORDER_DOMAIN}\0`);
const NUMBERS_BYTES = 16;
/** Bytes of the longest signed order: head, four ids each behind its length, two numbers, the signature. */
export const SIGNED_TIP_ORDER_BYTES_MAX =
  HEAD.length + 4 * (1 + ID_CHARS_MAX) + NUMBERS_BYTES + SIGNATURE_BYTES;

const ascii = new TextDecoder('ascii');

/** An order, and over which bytes the wallet put its signature. */
export interface SignedTipOrder {
  readonly order: TipOrder;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * The bytes that are signed: the domain and a zero byte; tip, room, wallet and item id, each behind its length
 * in one byte (no item: length 0); amount and expiry as 64-bit big-endian integers. One order, one encoding.
 *
 * @throws SealedError `malformed` when a field breaks its limit.
 */
export function encodeTipOrder(order: TipOrder): Bytes {
  const ids = [order.tipId, order.roomId, order.walletId];
  for (const id of ids) assertId(id);
  if (order.itemId !== undefined) assertId(order.itemId);
  if (order.amount < 1n || order.amount > TIP_AMOUNT_MAX) {
    throw new SealedError('malformed', 'an amount outside 1 to 2^63-1');
  }
  if (!Number.isInteger(order.expiresAt) || order.expiresAt < 1 || order.expiresAt > EXPIRES_AT_MAX) {
    throw new SealedError('malformed', 'an expiry that is no time');
  }
  ids.push(order.itemId ?? '');
  const length = ids.reduce((sum, id) => sum + 1 + id.length, HEAD.length + NUMBERS_BYTES);
  const out = new Uint8Array(length);
  out.set(HEAD);
  let offset = HEAD.length;
  for (const id of ids) {
    out[offset] = id.length;
    offset = writeAscii(out, offset + 1, id);
  }
  const numbers = new DataView(out.buffer, offset);
  numbers.setBigUint64(0, order.amount);
  numbers.setBigUint64(8, BigInt(order.expiresAt));
  return out;
}

/**
 * Signs an order with the wallet's Ed25519 key: the encoded order and its 64-byte signature, in one piece.
 *
 * @throws SealedError `malformed` when a field breaks its limit.
 */
export async function signTipOrder(order: TipOrder, walletPrivateKey: PlatformKey): Promise<Bytes> {
  const message = encodeTipOrder(order);
  const signed = new Uint8Array(message.length + SIGNATURE_BYTES);
  signed.set(message);
  signed.set(await sign(walletPrivateKey, message), message.length);
  return signed;
}

/**
 * Reads a signed order out of its bytes, with any zero bytes of padding behind it. Checks the form, not the
 * signature. Accepts nothing that `encodeTipOrder` would not write.
 *
 * @throws SealedError `malformed`.
 */
export function decodeSignedTipOrder(bytes: Uint8Array): SignedTipOrder {
  for (let i = 0; i < HEAD.length; i += 1) {
    if (bytes[i] !== HEAD[i]) throw new SealedError('malformed', 'not a tip order of this version');
  }
  let offset = HEAD.length;
  const ids: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    const length = bytes[offset] ?? 0;
    const id = ascii.decode(bytes.subarray(offset + 1, offset + 1 + length));
    // The fourth is the item, which alone may be missing; a text cut short by the end fails here or below.
    if (length > 0 || i < 3) assertId(id);
    ids.push(id);
    offset += 1 + length;
  }
  const signatureAt = offset + NUMBERS_BYTES;
  const end = signatureAt + SIGNATURE_BYTES;
  if (bytes.length < end) throw new SealedError('malformed', 'a tip order that is cut short');
  const numbers = new DataView(bytes.buffer, bytes.byteOffset + offset, NUMBERS_BYTES);
  const amount = numbers.getBigUint64(0);
  const expiresAt = numbers.getBigUint64(8);
  if (amount < 1n || amount > TIP_AMOUNT_MAX || expiresAt < 1n || expiresAt > EXPIRES_AT_MAX) {
    throw new SealedError('malformed', 'a tip order with an impossible number');
  }
  for (let i = end; i < bytes.length; i += 1) {
    if (bytes[i] !== 0) throw new SealedError('malformed', 'a tip order with something behind it');
  }
  const [tipId = '', roomId = '', walletId = '', itemId = ''] = ids;
  return {
    order: {
      tipId,
      roomId,
      walletId,
      amount,
      ...(itemId === '' ? {} : { itemId }),
      expiresAt: Number(expiresAt),
    },
    message: bytes.subarray(0, signatureAt),
    signature: bytes.subarray(signatureAt, end),
  };
}
