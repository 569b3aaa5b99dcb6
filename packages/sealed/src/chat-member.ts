import { type Bytes, toBase64Url } from './base64url.ts';
import { frame } from './frame.ts';
import { KEY_BYTES, type PlatformKey, SIGNATURE_BYTES, sign, verify } from './keys.ts';
import { SealedError } from './sealed-error.ts';

const DOMAIN = 'nightjar/chat-member/v1';
/** Certificates that were found good and are remembered, so that a line costs one signature and not two. */
const KNOWN_MAX = 2_000;

/** Whose signing key it is: a room-scoped pseudonym, as the server told the keeper. */
export interface Member {
  readonly roomId: string;
  readonly pseudonym: string;
  /** Ed25519, 32 raw bytes. */
  readonly signingKey: Uint8Array;
}

/**
 * The keeper's word that a signing key is this pseudonym's: a signature of 64 bytes. It is good for as long as the
 * keeper's own key.
 *
 * @throws SealedError `malformed` when a field is not what it should be.
 */
export function certify(member: Member, keeperPrivateKey: PlatformKey): Promise<Bytes> {
  return sign(keeperPrivateKey, statementOf(member));
}

export type CheckMember = (member: Member, certificate: Uint8Array) => Promise<boolean>;

/** Checks certificates of one keeper, and remembers good ones. */
export function memberCheck(keeperPublicKey: Uint8Array): CheckMember {
  const known = new Set<string>();
  return async (member, certificate) => {
    if (certificate.length !== SIGNATURE_BYTES) return false;
    const message = statementOf(member);
    const name = `${toBase64Url(message)}.${toBase64Url(certificate)}`;
    if (known.has(name)) return true;
    if (!(await verify(keeperPublicKey, message, certificate))) return false;
    if (known.size >= KNOWN_MAX) known.clear();
    known.add(name);
    return true;
  };
}

function statementOf({ roomId, pseudonym, signingKey }: Member): Bytes {
  if (signingKey.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  return frame(DOMAIN, [roomId, pseudonym], signingKey);
}
