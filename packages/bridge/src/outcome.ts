/**
 * The bridge's signed word on what became of an effect: canonical bytes and Ed25519 over them (RFC 8032), by
 * WebCrypto, so that it works in Node, in Workers and in pages. Imports nothing but types: services use it too.
 */
import type { SignedOutcome } from '@nightjar/contracts/ws-protocol';

/**
 * `ran`: all of its commands were written to the device's link. `partly`: it began and did not end. `expired`:
 * it did not begin in time. `refused`: the bridge would not begin it.
 */
export type OutcomeResult = 'ran' | 'partly' | 'expired' | 'refused';

export interface OutcomeBody {
  readonly roomId: string;
  readonly tipId: string;
  readonly result: OutcomeResult;
  /** How long its commands were being written, 0 to durationMs. */
  readonly ranMs: number;
  readonly durationMs: number;
  /** A short code of why, where it is not `ran`. */
  readonly reason?: string;
  /** When it was decided: the server's time as the bridge knows it, or its own where it does not, ms since 1970. */
  readonly atServerMs: number;
}

/** WebCrypto's key, by whatever name the platform's types give it. */
export type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The key that a bridge signs with. */
export interface OutcomeKey {
  readonly privateKey: SigningKey;
  /** The public half, 32 raw bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** Ends with a line feed and is part of what is signed, so that a signature cannot be used for anything else. */
const DOMAIN = 'nightjar.outcome.v1\n';
const BODY_BYTES_MAX = 1_024;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const RESULTS: readonly unknown[] = ['ran', 'partly', 'expired', 'refused'] satisfies OutcomeResult[];

/** The bytes that are signed: the domain's line, then a JSON array of the fields in a fixed order, in UTF-8. */
export function outcomeBytes(body: OutcomeBody): Uint8Array<ArrayBuffer> {
  const { roomId, tipId, result, ranMs, durationMs, reason, atServerMs } = body;
  const fields = [roomId, tipId, result, ranMs, durationMs, reason ?? null, atServerMs];
  return new TextEncoder().encode(DOMAIN + JSON.stringify(fields));
}

/** Signs an outcome. Throws RangeError on one whose own numbers do not fit together. */
export async function signOutcome(key: OutcomeKey, body: OutcomeBody): Promise<SignedOutcome> {
  if (!isOutcomeBody(body)) throw new RangeError('not an outcome');
  const bytes = outcomeBytes(body);
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, bytes));
  return {
    body: toBase64url(bytes),
    signature: toBase64url(signature),
    publicKey: toBase64url(key.publicKey),
  };
}

/**
 * Reads a signed outcome.
 * @param publicKey the 32 raw bytes of the key that it must be signed by; left out, the key it names itself
 * @returns undefined when anything about it is wrong: encoding, canonical form, values, key or signature
 */
export async function verifyOutcome(
  signed: SignedOutcome,
  publicKey?: Uint8Array,
): Promise<OutcomeBody | undefined> {
  const bytes = fromBase64url(signed.body);
  const signature = fromBase64url(signed.signature);
  const named = fromBase64url(signed.publicKey);
  if (bytes === undefined || signature?.length !== SIGNATURE_BYTES || named?.length !== PUBLIC_KEY_BYTES)
    return undefined;
  if (publicKey !== undefined && !sameBytes(named, publicKey)) return undefined;
  const body = parseOutcome(bytes);
  if (body === undefined) return undefined;
  try {
    const key = await crypto.subtle.importKey('raw', named, 'Ed25519', false, ['verify']);
    return (await crypto.subtle.verify('Ed25519', key, signature, bytes)) ? body : undefined;
  } catch {
    return undefined; // not a point of the curve
  }
}

/** Reads canonical bytes back. Only exactly what `outcomeBytes` would write is taken. */
export function parseOutcome(bytes: Uint8Array): OutcomeBody | undefined {
  if (bytes.length > BODY_BYTES_MAX) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.startsWith(DOMAIN)) return undefined;
    const fields: unknown = JSON.parse(text.slice(DOMAIN.length));
    if (!Array.isArray(fields) || fields.length !== 7) return undefined;
    const [roomId, tipId, result, ranMs, durationMs, reason, atServerMs] = fields as unknown[];
    const body = {
      roomId,
      tipId,
      result,
      ranMs,
      durationMs,
      ...(reason === null ? {} : { reason }),
      atServerMs,
    };
    return isOutcomeBody(body) && sameBytes(outcomeBytes(body), bytes) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a new signing key. `extractable` is for a bridge that keeps it in a file. */
export async function makeOutcomeKey(extractable = false): Promise<OutcomeKey> {
  const pair = await crypto.subtle.generateKey('Ed25519', extractable, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('Ed25519 makes a pair');
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { privateKey: pair.privateKey, publicKey };
}

/** Whether the fields are of the right kind and fit together. */
export function isOutcomeBody(value: object): value is OutcomeBody {
  const { roomId, tipId, result, ranMs, durationMs, reason, atServerMs } = value as Record<
    keyof OutcomeBody,
    unknown
  >;
  if (!isShortText(roomId) || !isShortText(tipId) || !RESULTS.includes(result)) return false;
  if (reason !== undefined && !isShortText(reason)) return false;
  if (!isCount(ranMs) || !isCount(durationMs) || !isCount(atServerMs) || ranMs > durationMs) return false;
  if (result === 'ran') return ranMs === durationMs;
  return result === 'partly' || ranMs === 0;
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 100;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Strict: no padding, no other alphabet, no stray bits. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length > 2 * BODY_BYTES_MAX || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    return toBase64url(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
