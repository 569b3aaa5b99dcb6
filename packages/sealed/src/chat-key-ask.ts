import { type Bytes, fromBase64Url } from './base64url.ts';
import { concat, cut, frame } from './frame.ts';
import { KEY_BYTES, type PlatformKey, SIGNATURE_BYTES, type SigningKeyPair, sign, verify } from './keys.ts';
import { SealedError } from './sealed-error.ts';
import { type SealedPayload, sealedBytes, toSealedPayload } from './sealed-payload.ts';

/** A newcomer's ask for the chat's key. Bytes: version, X25519 key (32), signing key (32), nonce (16), signature (64). */
export const KEY_ASK_SCHEME = 'nightjar-key-ask-v1';

const DOMAIN = 'nightjar/chat-key-ask/v1';
const VERSION = 1;
const ASK_NONCE_BYTES = 16;

/** What a newcomer asks with: made for one stay, never kept. */
export interface AskKeys {
  /** Ed25519: its lines will be signed with it. */
  readonly signing: SigningKeyPair;
  /** X25519: the key is sealed to it. */
  readonly sealing: { readonly privateKey: PlatformKey; readonly publicKey: PlatformKey };
}

export interface KeyAsk {
  /** X25519, 32 raw bytes. */
  readonly sealingKey: Uint8Array;
  /** Ed25519, 32 raw bytes. */
  readonly signingKey: Uint8Array;
  /** SHA-256 of the whole ask: an answer is bound to it. */
  readonly hash: Uint8Array;
}

/** Whom an ask is for: a keeper, in a room. */
export interface AskPlace {
  readonly roomId: string;
  /** Ed25519, 32 raw bytes. */
  readonly keeperKey: Uint8Array;
}

/** New keys to ask with, private halves not extractable. */
export async function newAskKeys(signing: SigningKeyPair): Promise<AskKeys> {
  const pair = await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
  if (!('privateKey' in pair)) throw new TypeError('the platform made no X25519 pair');
  return { signing, sealing: pair };
}

/**
 * Makes an ask, which proves that the asker holds the signing key that it wants certified.
 *
 * @param keyId the room key that is wanted, by the keeper's statement
 * @returns the ask, and the hash that its answer is bound to
 */
export async function makeKeyAsk(
  { signing, sealing }: AskKeys,
  place: AskPlace,
  keyId: string,
): Promise<{ request: SealedPayload; hash: Uint8Array }> {
  const { x } = await crypto.subtle.exportKey('jwk', sealing.publicKey);
  if (x === undefined) throw new TypeError('the platform exported a JWK without x');
  const nonce = crypto.getRandomValues(new Uint8Array(ASK_NONCE_BYTES));
  const asked = concat(Uint8Array.of(VERSION), fromBase64Url(x), signing.publicKey, nonce);
  const signature = await sign(signing.privateKey, signedBytes(place, keyId, asked));
  const bytes = concat(asked, signature);
  return { request: toSealedPayload(KEY_ASK_SCHEME, keyId, bytes), hash: await hashOf(bytes) };
}

/** @throws SealedError `wrong_scheme`, `malformed`, `bad_signature` */
export async function readKeyAsk(payload: SealedPayload, place: AskPlace): Promise<KeyAsk> {
  const bytes = sealedBytes(payload, KEY_ASK_SCHEME);
  const [version, sealingKey, signingKey, nonce, signature, more] =
    cut(bytes, 1, KEY_BYTES, KEY_BYTES, ASK_NONCE_BYTES, SIGNATURE_BYTES) ?? [];
  if (!version || !sealingKey || !signingKey || !nonce || !signature)
    throw new SealedError('malformed', 'a key ask that is cut short');
  if (version[0] !== VERSION || more?.length !== 0)
    throw new SealedError('malformed', 'not a key ask of this version');
  const asked = bytes.subarray(0, bytes.length - SIGNATURE_BYTES);
  if (!(await verify(signingKey, signedBytes(place, payload.keyId, asked), signature)))
    throw new SealedError('bad_signature', 'not signed by the key that it names');
  return { sealingKey: sealingKey.slice(), signingKey: signingKey.slice(), hash: await hashOf(bytes) };
}

function signedBytes({ roomId, keeperKey }: AskPlace, keyId: string, asked: Uint8Array): Bytes {
  if (keeperKey.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  return frame(DOMAIN, [roomId, keyId], keeperKey, asked);
}

async function hashOf(bytes: Bytes): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
