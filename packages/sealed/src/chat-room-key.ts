import { type Bytes, toBase64Url } from './base64url.ts';
import { frame } from './frame.ts';
import { KEY_BYTES, type PlatformKey, toBytes } from './keys.ts';
import { SealedError } from './sealed-error.ts';

/** Bytes of an AES-GCM nonce, and of its tag. */
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

const DOMAIN = 'nightjar/chat-room-key/v1';
/** Bytes of the hash that is a room key's id: enough that nobody finds two keys with one id. */
const ID_BYTES = 32;
const AES = 'AES-GCM';

/** A key that a room's lines are sealed under, as those hold it who read and write: it cannot be read out again. */
export interface RoomKey {
  readonly keyId: string;
  readonly key: PlatformKey;
}

/**
 * The id of a room key is a hash of it. So whoever names a key has fixed it: nobody can be given another key under the
 * same id, and a line opens to one text only, though AES-GCM alone would not promise that.
 *
 * @throws SealedError `malformed` unless the key has 32 bytes.
 */
export async function roomKeyId(raw: Uint8Array): Promise<string> {
  if (raw.length !== KEY_BYTES) throw new SealedError('malformed', 'a room key has 32 bytes');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', frame(DOMAIN, [], raw)));
  return toBase64Url(digest.subarray(0, ID_BYTES));
}

/** 32 random bytes: a room key, or a member key. */
export function randomKey(): Bytes {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

/** @throws SealedError `malformed` unless the key has 32 bytes. */
export async function importRoomKey(raw: Uint8Array): Promise<RoomKey> {
  return { keyId: await roomKeyId(raw), key: await importAesKey(raw) };
}

/** @throws SealedError `malformed` unless the key has 32 bytes. */
export async function importAesKey(raw: Uint8Array): Promise<PlatformKey> {
  if (raw.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  return crypto.subtle.importKey('raw', toBytes(raw), AES, false, ['encrypt', 'decrypt']);
}

/** AES-256-GCM under a fresh random nonce, which stands in front. */
export async function aesSeal(key: PlatformKey, plain: Uint8Array, aad: Bytes): Promise<Bytes> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const ciphertext = await crypto.subtle.encrypt(
    { name: AES, iv: nonce, additionalData: aad },
    key,
    toBytes(plain),
  );
  const out = new Uint8Array(NONCE_BYTES + ciphertext.byteLength);
  out.set(nonce);
  out.set(new Uint8Array(ciphertext), NONCE_BYTES);
  return out;
}

/** @throws SealedError `not_opened`; it does not say why. */
export async function aesOpen(key: PlatformKey, sealed: Uint8Array, aad: Bytes): Promise<Bytes> {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new SealedError('not_opened', 'too short to be sealed');
  const iv = toBytes(sealed.subarray(0, NONCE_BYTES));
  try {
    const params = { name: AES, iv, additionalData: aad };
    return new Uint8Array(await crypto.subtle.decrypt(params, key, toBytes(sealed.subarray(NONCE_BYTES))));
  } catch (cause) {
    throw new SealedError('not_opened', 'does not open with this key for this place', { cause });
  }
}
