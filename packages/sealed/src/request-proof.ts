import { type Bytes, fromBase64Url, toBase64Url } from './base64url.ts';
import { KEY_BYTES, type SigningKeyPair, sign, toBytes, toPublicJwk, verify } from './keys.ts';
import { SealedError } from './sealed-error.ts';

/** The `typ` of a proof's header. */
export const PROOF_TYPE = 'nightjar-proof+jwt';
/** Characters of a whole proof: it travels in a request header. */
export const PROOF_CHARS_MAX = 4_096;
/** How far ahead of the server's clock a client's may be, in milliseconds. */
export const PROOF_SKEW_MS_MAX = 5_000;

const JTI = /^[A-Za-z0-9_-]{16,64}$/;
const METHOD = /^[A-Z]{1,16}$/;

/** The request that a proof is for, as both sides see it. */
export interface ProvenRequest {
  /** Upper case, as in HTTP. */
  readonly method: string;
  /**
   * The request target: path and query, escaped as sent, without scheme and host. They are left out because an
   * edge stands between; so a wallet's key is used with one installation only.
   */
  readonly path: string;
  /** The body's bytes as sent; empty when there is none. */
  readonly body: Uint8Array;
}

export interface MakeProofOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Unique to this proof: 16 to 64 characters of base64url. Random when left out. */
  readonly jti?: string;
}

export interface CheckProofOptions {
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
  /** Milliseconds that a proof is good for. */
  readonly maxAgeMs: number;
}

/** What a good proof shows. */
export interface CheckedProof {
  /** Ed25519, 32 raw bytes: the wallet whose key made it. The caller compares it with the wallet it asked about. */
  readonly publicKeyRaw: Bytes;
  /** For the caller to remember until `expiresAt`, where a second use must be refused. */
  readonly jti: string;
  /** Milliseconds since 1970: from then on this proof is stale. */
  readonly expiresAt: number;
}

/**
 * Proves that whoever sends this request holds a wallet's key: a compact JWS (RFC 7515, EdDSA of RFC 8037) in
 * the spirit of DPoP (RFC 9449), over method, path and body.
 *
 * @throws SealedError `malformed` when the method or the path is not one.
 */
export async function makeProof(
  keyPair: SigningKeyPair,
  request: ProvenRequest,
  options: MakeProofOptions,
): Promise<string> {
  const { method, path, body } = request;
  if (!METHOD.test(method)) throw new SealedError('malformed', 'not a method in upper case');
  if (!path.startsWith('/')) throw new SealedError('malformed', 'not a path');
  const header = { typ: PROOF_TYPE, alg: 'EdDSA', jwk: toPublicJwk(keyPair.publicKey) };
  const claims = {
    htm: method,
    htu: path,
    iat: Math.floor(options.now / 1000),
    jti: options.jti ?? toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
    bh: await bodyHash(body),
  };
  const signingInput = `${encodeJson(header)}.${encodeJson(claims)}`;
  const signature = await sign(keyPair.privateKey, new TextEncoder().encode(signingInput));
  return `${signingInput}.${toBase64Url(signature)}`;
}

/**
 * Checks a proof against the request that it came with. It keeps no memory: within `maxAgeMs` the same proof
 * passes again for the very same request, unless the caller remembers `jti`.
 *
 * @throws SealedError `malformed`, `wrong_request`, `stale` or `bad_signature`.
 */
export async function checkProof(
  proof: string,
  expected: ProvenRequest & CheckProofOptions,
): Promise<CheckedProof> {
  if (proof.length > PROOF_CHARS_MAX) throw new SealedError('malformed', 'a proof that is too long');
  const [headerText = '', claimsText = '', signatureText = '', ...more] = proof.split('.');
  if (more.length > 0) throw new SealedError('malformed', 'not a compact JWS');
  const publicKeyRaw = readHeader(decodeJson(headerText));
  const claims = readClaims(decodeJson(claimsText));
  const signature = fromBase64Url(signatureText);
  const issuedAt = claims.iat * 1000;
  if (expected.now - issuedAt > expected.maxAgeMs || issuedAt - expected.now > PROOF_SKEW_MS_MAX) {
    throw new SealedError('stale', 'a proof of another time');
  }
  if (
    claims.htm !== expected.method ||
    claims.htu !== expected.path ||
    claims.bh !== (await bodyHash(expected.body))
  ) {
    throw new SealedError('wrong_request', 'a proof for another request');
  }
  const signingInput = new TextEncoder().encode(`${headerText}.${claimsText}`);
  if (!(await verify(publicKeyRaw, signingInput, signature))) {
    throw new SealedError('bad_signature', 'not signed by the key in its header');
  }
  return { publicKeyRaw, jti: claims.jti, expiresAt: issuedAt + expected.maxAgeMs };
}

async function bodyHash(body: Uint8Array): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', toBytes(body))));
}

function encodeJson(value: object): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
}

function decodeJson(text: string): Record<string, unknown> {
  const bytes = fromBase64Url(text);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new SealedError('malformed', 'not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SealedError('malformed', 'not a JSON object');
  }
  return value as Record<string, unknown>;
}

/** Exactly the members that `makeProof` writes: so no `crit`, no key by reference, no private half by mistake. */
function readHeader(header: Record<string, unknown>): Bytes {
  const { typ, alg, jwk, ...rest } = header;
  if (typ !== PROOF_TYPE || alg !== 'EdDSA' || typeof jwk !== 'object' || jwk === null || hasMembers(rest)) {
    throw new SealedError('malformed', 'not the header of a proof');
  }
  const { kty, crv, x, ...restOfKey } = jwk as Record<string, unknown>;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || hasMembers(restOfKey)) {
    throw new SealedError('malformed', 'not a public Ed25519 key');
  }
  const publicKey = fromBase64Url(x);
  if (publicKey.length !== KEY_BYTES) throw new SealedError('malformed', 'a key has 32 bytes');
  return publicKey;
}

interface Claims {
  readonly htm: string;
  readonly htu: string;
  readonly iat: number;
  readonly jti: string;
  readonly bh: string;
}

function readClaims(claims: Record<string, unknown>): Claims {
  const { htm, htu, iat, jti, bh } = claims;
  if (
    typeof htm !== 'string' ||
    typeof htu !== 'string' ||
    typeof iat !== 'number' ||
    !Number.isSafeInteger(iat) ||
    typeof jti !== 'string' ||
    !JTI.test(jti) ||
    typeof bh !== 'string'
  ) {
    throw new SealedError('malformed', 'not the claims of a proof');
  }
  return { htm, htu, iat, jti, bh };
}

function hasMembers(value: object): boolean {
  return Object.keys(value).length > 0;
}
