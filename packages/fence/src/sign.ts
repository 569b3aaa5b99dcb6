import type { Policy } from './compile.ts';
import { FenceError } from './fence-error.ts';
import { decodePolicy, encodePolicy, POLICY_BYTES_MAX } from './policy-bytes.ts';

/** A WebCrypto key, named so that it compiles under Node's types and under the DOM's. */
export type PlatformKey = InstanceType<typeof CryptoKey>;

/** The key that geofence signs with. */
export interface PolicySigner {
  /** 1 to 64 characters of `A-Z a-z 0-9 _ . : -`; never used again for another key. */
  readonly keyId: string;
  /** Ed25519. */
  readonly privateKey: PlatformKey;
}

/** The keys whose policies are trusted, by id: raw Ed25519 public keys. While keys rotate, the old one and the new one. */
export type PolicyKeyRing = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Bytes of a signed policy at most. */
export const SIGNED_POLICY_BYTES_MAX = 1 + 64 + 64 + POLICY_BYTES_MAX;

const KEY_ID = /^[A-Za-z0-9_.:-]{1,64}$/;
const SIGNATURE_BYTES = 64;

/**
 * A policy with geofence's signature (Ed25519, RFC 8032), in one piece of bytes for a bucket or an HTTP body: the
 * key's id behind its length in one byte, the signature, the policy. What is signed is the policy's bytes, which
 * begin with a domain of their own.
 *
 * @throws FenceError `malformed` when the key's id is not one.
 */
export async function signPolicy(policy: Policy, signer: PolicySigner): Promise<Uint8Array<ArrayBuffer>> {
  if (!KEY_ID.test(signer.keyId)) throw new FenceError('malformed', 'not a key id');
  const bytes = encodePolicy(policy);
  const keyId = new TextEncoder().encode(signer.keyId);
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', signer.privateKey, bytes));
  const signed = new Uint8Array(1 + keyId.length + SIGNATURE_BYTES + bytes.length);
  signed[0] = keyId.length;
  signed.set(keyId, 1);
  signed.set(signature, 1 + keyId.length);
  signed.set(bytes, 1 + keyId.length + SIGNATURE_BYTES);
  return signed;
}

/**
 * The policy out of its signed bytes, once its signature holds. An old policy's signature holds for ever: callers
 * compare `roomId` with the room that they asked for and refuse a lower `version` than they have had.
 *
 * @throws FenceError `malformed`, `unknown_key` or `bad_signature`. On any of them there is no policy, and callers
 * refuse.
 */
export async function verifyPolicy(signed: Uint8Array, keys: PolicyKeyRing): Promise<Policy> {
  if (signed.length > SIGNED_POLICY_BYTES_MAX) throw new FenceError('malformed', 'a policy that is too long');
  const bytes = new Uint8Array(signed);
  const keyIdEnd = 1 + (bytes[0] ?? 0);
  const signatureEnd = keyIdEnd + SIGNATURE_BYTES;
  if (bytes.length <= signatureEnd) throw new FenceError('malformed', 'a policy that is cut short');
  const publicKey = keys.get(new TextDecoder().decode(bytes.subarray(1, keyIdEnd)));
  if (publicKey === undefined) throw new FenceError('unknown_key', 'signed by a key that is not trusted');
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  const body = bytes.subarray(signatureEnd);
  const good = await crypto.subtle.verify('Ed25519', key, bytes.subarray(keyIdEnd, signatureEnd), body);
  if (!good) throw new FenceError('bad_signature', 'not signed by the key that it names');
  return decodePolicy(body);
}
