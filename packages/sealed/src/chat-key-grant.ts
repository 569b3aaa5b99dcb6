import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { Bytes } from './base64url.ts';
import type { AskKeys, AskPlace, KeyAsk } from './chat-key-ask.ts';
import { certify, memberCheck } from './chat-member.ts';
import { roomKeyId } from './chat-room-key.ts';
import { concat, cut, frame } from './frame.ts';
import { KEY_BYTES, SIGNATURE_BYTES, type SigningKeyPair, sign, toBytes, verify } from './keys.ts';
import { SealedError } from './sealed-error.ts';
import { type SealedPayload, sealedBytes, toSealedPayload } from './sealed-payload.ts';

/**
 * The keeper's answer to a newcomer: HPKE base mode (RFC 9180), DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 * Bytes: version, enc (32), and sealed: member key (32), room key (32), certificate (64, zeros for somebody who only
 * reads), the keeper's signature over all of it (64).
 */
export const KEY_SCHEME = 'nightjar-key-v1';

const INFO_DOMAIN = 'nightjar/chat-key/v1';
const GRANT_DOMAIN = 'nightjar/chat-grant/v1';
const VERSION = 1;

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/** What a newcomer is given. */
export interface KeyGrant {
  /** 32 bytes, for this member alone: later room keys come wrapped under it. */
  readonly memberKey: Uint8Array;
  /** 32 bytes. */
  readonly roomKey: Uint8Array;
  /** The keeper's word on whose the signing key is; missing for somebody who only reads. */
  readonly certificate?: Uint8Array;
}

/**
 * Seals the chat's keys to a newcomer.
 *
 * @param pseudonym whom the server says it is; without one the newcomer can read and not speak
 * @throws SealedError `malformed`
 */
export async function sealGrant(
  keys: { readonly memberKey: Uint8Array; readonly roomKey: Uint8Array },
  ask: KeyAsk,
  roomId: string,
  keeper: SigningKeyPair,
  pseudonym?: string,
): Promise<SealedPayload> {
  const { signingKey } = ask;
  const keyId = await roomKeyId(keys.roomKey);
  if (keys.memberKey.length !== KEY_BYTES) throw new SealedError('malformed', 'a member key has 32 bytes');
  const certificate =
    pseudonym === undefined
      ? new Uint8Array(SIGNATURE_BYTES)
      : await certify({ roomId, pseudonym, signingKey }, keeper.privateKey);
  const place = { roomId, keeperKey: keeper.publicKey };
  const given = concat(keys.memberKey, keys.roomKey, certificate);
  const signature = await sign(keeper.privateKey, grantBytes(place, keyId, ask.hash, given));
  const recipientPublicKey = await importSealingKey(ask.sealingKey);
  const info = infoOf(place, keyId, ask.hash);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, concat(given, signature));
  const bytes = concat(Uint8Array.of(VERSION), new Uint8Array(enc), new Uint8Array(ct));
  return toSealedPayload(KEY_SCHEME, keyId, bytes);
}

/**
 * Opens the keeper's answer to one's own ask, and believes it only when the keeper signed it for this ask, the room key
 * is the one that its id names, and the certificate is for the asker's own name.
 *
 * @param ask the hash that `makeKeyAsk` gave
 * @throws SealedError `wrong_scheme`, `malformed`, `not_opened`, `bad_signature`
 */
export async function openGrant(
  payload: SealedPayload,
  { signing, sealing }: AskKeys,
  ask: { readonly hash: Uint8Array },
  place: AskPlace,
  pseudonym?: string,
): Promise<KeyGrant> {
  const [version, enc, ct] = cut(sealedBytes(payload, KEY_SCHEME), 1, KEY_BYTES) ?? [];
  if (!version || !enc || !ct || version[0] !== VERSION)
    throw new SealedError('malformed', 'not a key of this version');
  const { keyId } = payload;
  const plain = await open(enc, ct, sealing, infoOf(place, keyId, ask.hash));
  const [memberKey, roomKey, certificate, signature, more] =
    cut(plain, KEY_BYTES, KEY_BYTES, SIGNATURE_BYTES, SIGNATURE_BYTES) ?? [];
  if (!memberKey || !roomKey || !certificate || !signature || more?.length !== 0)
    throw new SealedError('malformed', 'a key of another form');
  const given = plain.subarray(0, plain.length - SIGNATURE_BYTES);
  if (!(await verify(place.keeperKey, grantBytes(place, keyId, ask.hash, given), signature)))
    throw new SealedError('bad_signature', 'not from the keeper');
  if ((await roomKeyId(roomKey)) !== keyId)
    throw new SealedError('malformed', 'another room key than its id names');
  if (certificate.every((byte) => byte === 0)) return { memberKey, roomKey };
  const member = { roomId: place.roomId, pseudonym: pseudonym ?? '', signingKey: signing.publicKey };
  if (pseudonym === undefined || !(await memberCheck(place.keeperKey)(member, certificate)))
    throw new SealedError('bad_signature', 'a certificate for another name');
  return { memberKey, roomKey, certificate };
}

async function open(
  enc: Uint8Array,
  ct: Uint8Array,
  sealing: AskKeys['sealing'],
  info: Bytes,
): Promise<Uint8Array> {
  try {
    return new Uint8Array(await suite.open({ recipientKey: sealing, enc: toBytes(enc), info }, toBytes(ct)));
  } catch (cause) {
    throw new SealedError('not_opened', 'does not open with this key for this ask', { cause });
  }
}

async function importSealingKey(raw: Uint8Array) {
  if (raw.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  return suite.kem.importKey('raw', toBytes(raw).slice().buffer, true);
}

function infoOf({ roomId, keeperKey }: AskPlace, keyId: string, askHash: Uint8Array): Bytes {
  return frame(INFO_DOMAIN, [roomId, keyId], keeperKey, askHash);
}

function grantBytes(
  { roomId, keeperKey }: AskPlace,
  keyId: string,
  askHash: Uint8Array,
  given: Uint8Array,
): Bytes {
  return frame(GRANT_DOMAIN, [roomId, keyId], keeperKey, askHash, given);
}
