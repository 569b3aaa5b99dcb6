import type { Bytes } from './base64url.ts';
import type { CheckMember } from './chat-member.ts';
import { aesOpen, aesSeal, type RoomKey } from './chat-room-key.ts';
import { CHAT_TEXT_STEPS, decodeChatText, encodeChatText } from './chat-text.ts';
import { concat, cut, frame } from './frame.ts';
import { KEY_BYTES, SIGNATURE_BYTES, type SigningKeyPair, sign, toBytes, verify } from './keys.ts';
import { SealedError } from './sealed-error.ts';
import { type SealedPayload, sealedBytes, toSealedPayload } from './sealed-payload.ts';

/** Lines and tips' notes: AES-256-GCM under the room key, signed by who said it. The bytes are described at `sealLine`. */
export const CHAT_SCHEME = 'nightjar-chat-v1';

const LINE_DOMAIN = 'nightjar/chat-line/v1';
const SIGNATURE_DOMAIN = 'nightjar/chat-signature/v1';
const COMMITMENT_DOMAIN = 'nightjar/chat-commitment/v1';
const VERSION = 1;
const COMMITMENT_BYTES = 32;

/** Where a line belongs. It opens there and nowhere else: not under another id, in another room, by another name. */
export interface LinePlace {
  readonly roomId: string;
  /** A chat line's own id; of a note the tip's. */
  readonly id: string;
  /** The pseudonym that said it, as the log has it. */
  readonly from: string;
  readonly kind: 'line' | 'note';
}

/** Who speaks: a signing key, and the keeper's word on whose it is. */
export interface Speaker {
  readonly key: SigningKeyPair;
  readonly certificate: Uint8Array;
}

/** An opened line. `frankingKey` proves later, to somebody without the room key, that this was said: see docs/explanation/sealed-chat.md. */
export interface OpenedLine {
  readonly text: string;
  /** Ed25519, 32 raw bytes. */
  readonly signingKey: Uint8Array;
  readonly frankingKey: Uint8Array;
  readonly commitment: Uint8Array;
}

/**
 * Seals a line: a version byte; a commitment of 32 bytes, which the server may keep and a report may open; a nonce of 12
 * bytes; and under AES-256-GCM the franking key (32), the speaker's public key (32), its certificate (64), the signature
 * over place and text (64) and the padded text. Place and commitment are associated data.
 *
 * @param text what `toChatText` gives
 * @throws SealedError `malformed` when a part breaks its limit
 */
export async function sealLine(
  text: string,
  place: LinePlace,
  { key, certificate }: Speaker,
  roomKey: RoomKey,
): Promise<SealedPayload> {
  const padded = encodeChatText(text);
  if (certificate.length !== SIGNATURE_BYTES)
    throw new SealedError('malformed', 'a certificate has 64 bytes');
  const said = new TextEncoder().encode(text);
  const ids = idsOf(place, roomKey);
  const frankingKey = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const commitment = await commit(frankingKey, ids, key.publicKey, said);
  const signature = await sign(key.privateKey, frame(SIGNATURE_DOMAIN, ids, said));
  const body = concat(frankingKey, key.publicKey, certificate, signature, padded);
  const sealed = await aesSeal(roomKey.key, body, frame(LINE_DOMAIN, ids, commitment));
  return toSealedPayload(CHAT_SCHEME, roomKey.keyId, concat(Uint8Array.of(VERSION), commitment, sealed));
}

/**
 * Opens a line and believes nothing of it: it must be of this place, committed to, certified by the keeper and signed by
 * whom the log names.
 *
 * @throws SealedError `wrong_scheme`; `unknown_key` for another room key; `not_opened`; `bad_signature`; `malformed`
 */
export async function openLine(
  payload: SealedPayload,
  place: LinePlace,
  roomKey: RoomKey,
  checkMember: CheckMember,
): Promise<OpenedLine> {
  const [version, commitment, sealed] = cut(sealedBytes(payload, CHAT_SCHEME), 1, COMMITMENT_BYTES) ?? [];
  if (!version || !commitment || !sealed || version[0] !== VERSION)
    throw new SealedError('malformed', 'not a line of this version');
  if (payload.keyId !== roomKey.keyId) throw new SealedError('unknown_key', 'sealed under another room key');
  const ids = idsOf(place, roomKey);
  const body = await aesOpen(roomKey.key, sealed, frame(LINE_DOMAIN, ids, commitment));
  const parts = cut(body, KEY_BYTES, KEY_BYTES, SIGNATURE_BYTES, SIGNATURE_BYTES);
  const [frankingKey, signingKey, certificate, signature, padded] = parts ?? [];
  if (!frankingKey || !signingKey || !certificate || !signature || !padded || !isStep(padded.length))
    throw new SealedError('malformed', 'a line of another form');
  const text = decodeChatText(padded);
  const said = new TextEncoder().encode(text);
  const member = { roomId: place.roomId, pseudonym: place.from, signingKey };
  if (
    !(await checkMember(member, certificate)) ||
    !(await verify(signingKey, frame(SIGNATURE_DOMAIN, ids, said), signature))
  )
    throw new SealedError('bad_signature', 'not said by whom the log names');
  const committed = await commit(frankingKey, ids, signingKey, said);
  if (committed.some((byte, i) => byte !== commitment[i]))
    throw new SealedError('not_opened', 'not what was committed to');
  return { text, signingKey, frankingKey, commitment };
}

/**
 * Committing franking (Grubbs, Lu, Ristenpart 2017): binds the text to bytes that stand outside of the ciphertext, and
 * shows nothing of it without the franking key.
 */
async function commit(
  frankingKey: Uint8Array,
  ids: readonly string[],
  signingKey: Uint8Array,
  said: Uint8Array,
): Promise<Bytes> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', toBytes(frankingKey), hmac, false, ['sign']);
  const message = frame(COMMITMENT_DOMAIN, ids, signingKey, said);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
}

function idsOf({ kind, roomId, id, from }: LinePlace, { keyId }: RoomKey): string[] {
  return [kind, roomId, keyId, id, from];
}

function isStep(length: number): boolean {
  return (CHAT_TEXT_STEPS as readonly number[]).includes(length);
}
