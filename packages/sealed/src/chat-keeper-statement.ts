import { type Bytes, toBase64Url } from './base64url.ts';
import { concat, cut, frame } from './frame.ts';
import { KEY_BYTES, SIGNATURE_BYTES, type SigningKeyPair, sign, verify } from './keys.ts';
import { SealedError } from './sealed-error.ts';
import { type SealedPayload, sealedBytes, toSealedPayload } from './sealed-payload.ts';

/** The keeper's statement: signed, not secret. Bytes: version, public key (32), number (8, big-endian), signature (64). */
export const KEEPER_SCHEME = 'nightjar-keeper-v1';

const DOMAIN = 'nightjar/chat-keeper/v1';
const CODE_DOMAIN = 'nightjar/chat-keeper-code/v1';
const VERSION = 1;
const NUMBER_BYTES = 8;
/** Digits of a keeper's code, in groups of five: about 100 bits. */
const CODE_DIGITS = 30;

/** Who keeps a room's chat keys, and which key is in force. */
export interface KeeperStatement {
  /** Ed25519, 32 raw bytes. */
  readonly publicKey: Uint8Array;
  /** Counts up with each change, so that an old statement cannot be shown again as the new one. */
  readonly number: number;
  /** The id of the room key that lines are sealed under from now on. */
  readonly keyId: string;
}

/** @throws SealedError `malformed` when a part breaks its limit. */
export async function signStatement(
  { number, keyId }: Omit<KeeperStatement, 'publicKey'>,
  roomId: string,
  keeper: SigningKeyPair,
): Promise<SealedPayload> {
  const counted = encodeNumber(number);
  const signature = await sign(keeper.privateKey, signedBytes(roomId, keyId, keeper.publicKey, counted));
  const bytes = concat(Uint8Array.of(VERSION), keeper.publicKey, counted, signature);
  return toSealedPayload(KEEPER_SCHEME, keyId, bytes);
}

/**
 * Reads a statement and checks that the key in it signed it for this room. Whether that key is the one to believe is for
 * the reader's pin to say.
 *
 * @throws SealedError `wrong_scheme`, `malformed`, `bad_signature`
 */
export async function readStatement(payload: SealedPayload, roomId: string): Promise<KeeperStatement> {
  const bytes = sealedBytes(payload, KEEPER_SCHEME);
  const [version, publicKey, counted, signature, more] =
    cut(bytes, 1, KEY_BYTES, NUMBER_BYTES, SIGNATURE_BYTES) ?? [];
  if (!version || !publicKey || !counted || !signature || version[0] !== VERSION || more?.length !== 0)
    throw new SealedError('malformed', 'not a statement of this version');
  const { keyId } = payload;
  const number = decodeNumber(counted);
  if (!(await verify(publicKey, signedBytes(roomId, keyId, publicKey, counted), signature)))
    throw new SealedError('bad_signature', 'not signed by the key that it names');
  return { publicKey: publicKey.slice(), number, keyId };
}

/**
 * A keeper's key as a code that two people can compare by reading it aloud: six groups of five digits.
 *
 * @throws SealedError `malformed` unless the key has 32 bytes.
 */
export async function keeperCode(roomId: string, publicKey: Uint8Array): Promise<string> {
  if (publicKey.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  const digest = await crypto.subtle.digest('SHA-256', frame(CODE_DOMAIN, [roomId], publicKey));
  const number = new Uint8Array(digest).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const digits = `${number % 10n ** BigInt(CODE_DIGITS)}`.padStart(CODE_DIGITS, '0');
  return digits.replace(/(.{5})(?=.)/g, '$1 ');
}

/** Two keys are the same key. Public keys: no need to hide where they differ. */
export function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  return toBase64Url(a) === toBase64Url(b);
}

function signedBytes(roomId: string, keyId: string, publicKey: Uint8Array, counted: Uint8Array): Bytes {
  return frame(DOMAIN, [roomId, keyId], publicKey, counted);
}

function encodeNumber(number: number): Bytes {
  if (!Number.isSafeInteger(number) || number < 1)
    throw new SealedError('malformed', 'not a statement number');
  const out = new Uint8Array(NUMBER_BYTES);
  new DataView(out.buffer).setBigUint64(0, BigInt(number));
  return out;
}

function decodeNumber(bytes: Uint8Array): number {
  const number = Number(new DataView(bytes.buffer, bytes.byteOffset, NUMBER_BYTES).getBigUint64(0));
  if (!Number.isSafeInteger(number) || number < 1)
    throw new SealedError('malformed', 'not a statement number');
  return number;
}
