import type { Bytes } from './base64url.ts';
import type { AskPlace } from './chat-key-ask.ts';
import { aesOpen, aesSeal, roomKeyId } from './chat-room-key.ts';
import { concat, cut, frame } from './frame.ts';
import { KEY_BYTES, type PlatformKey } from './keys.ts';
import { SealedError } from './sealed-error.ts';
import { type SealedPayload, sealedBytes, toSealedPayload } from './sealed-payload.ts';

/** A new room key for somebody who has a member key already: version, nonce (12), AES-256-GCM of the key (32 and 16). */
export const KEY_WRAP_SCHEME = 'nightjar-key-wrap-v1';

const DOMAIN = 'nightjar/chat-key-wrap/v1';
const VERSION = 1;

/** @throws SealedError `malformed` unless the room key has 32 bytes. */
export async function wrapRoomKey(
  roomKey: Uint8Array,
  memberKey: PlatformKey,
  place: AskPlace,
): Promise<SealedPayload> {
  const keyId = await roomKeyId(roomKey);
  const sealed = await aesSeal(memberKey, roomKey, aadOf(place, keyId));
  return toSealedPayload(KEY_WRAP_SCHEME, keyId, concat(Uint8Array.of(VERSION), sealed));
}

/**
 * The room key in a wrap.
 *
 * @throws SealedError `wrong_scheme`, `malformed`, `not_opened`
 */
export async function unwrapRoomKey(
  payload: SealedPayload,
  memberKey: PlatformKey,
  place: AskPlace,
): Promise<Uint8Array> {
  const [version, sealed] = cut(sealedBytes(payload, KEY_WRAP_SCHEME), 1) ?? [];
  if (!version || !sealed || version[0] !== VERSION)
    throw new SealedError('malformed', 'not a wrap of this version');
  const roomKey = await aesOpen(memberKey, sealed, aadOf(place, payload.keyId));
  if (roomKey.length !== KEY_BYTES || (await roomKeyId(roomKey)) !== payload.keyId)
    throw new SealedError('malformed', 'another room key than its id names');
  return roomKey;
}

function aadOf({ roomId, keeperKey }: AskPlace, keyId: string): Bytes {
  return frame(DOMAIN, [roomId, keyId], keeperKey);
}
