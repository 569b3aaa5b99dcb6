import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type OutcomeBody, parseOutcome } from '../outcome.ts';

/** An outcome as it travels between services: bytes. */
export interface OutcomeEvidence {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), up to the key itself. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** Keys kept ready; a bridge signs all of its outcomes with one. */
const KEYS_KEPT_MAX = 512;

const ready = new Map<string, KeyObject>();

/**
 * Reads a signed outcome, as `verifyOutcome` does, in the same turn of the event loop: on a server's busy loop the hops
 * of WebCrypto cost more than the signature.
 * @returns undefined when anything about it is wrong
 */
export function readOutcome({ body, signature, publicKey }: OutcomeEvidence): OutcomeBody | undefined {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== PUBLIC_KEY_BYTES) return undefined;
  const outcome = parseOutcome(body);
  if (outcome === undefined) return undefined;
  try {
    return verify(null, body, keyOf(publicKey), signature) ? outcome : undefined;
  } catch {
    return undefined; // not a point of the curve
  }
}

function keyOf(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey).toString('base64');
  const known = ready.get(name);
  if (known) return known;
  const der = Buffer.concat([SPKI_HEAD, publicKey]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  if (ready.size >= KEYS_KEPT_MAX) {
    const [oldest] = ready.keys();
    if (oldest !== undefined) ready.delete(oldest);
  }
  ready.set(name, key);
  return key;
}
