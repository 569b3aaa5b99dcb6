/** The bridge's signed word on what became of an effect. Imports nothing of the bridge: services use it too. */
import type { SignedOutcome } from '@nightjar/contracts/ws-protocol';
import {
  bytesOfFields,
  fieldsOfBytes,
  openBytes,
  type SigningPair,
  sameBytes,
  signBytes,
} from './signed-bytes.ts';

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

/** The key that a bridge signs with. */
export interface OutcomeKey extends SigningPair {}

const DOMAIN = 'nightjar.outcome.v1\n';
const RESULTS: readonly unknown[] = ['ran', 'partly', 'expired', 'refused'] satisfies OutcomeResult[];

/** The bytes that are signed. */
export function outcomeBytes(body: OutcomeBody): Uint8Array<ArrayBuffer> {
  const { roomId, tipId, result, ranMs, durationMs, reason, atServerMs } = body;
  return bytesOfFields(DOMAIN, [roomId, tipId, result, ranMs, durationMs, reason ?? null, atServerMs]);
}

/** Signs an outcome. Throws RangeError on one whose own numbers do not fit together. */
export async function signOutcome(key: OutcomeKey, body: OutcomeBody): Promise<SignedOutcome> {
  if (!isOutcomeBody(body)) throw new RangeError('not an outcome');
  return signBytes(key, outcomeBytes(body));
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
  const bytes = await openBytes(signed, publicKey);
  return bytes === undefined ? undefined : parseOutcome(bytes);
}

/** Reads canonical bytes back. Only exactly what `outcomeBytes` would write is taken. */
export function parseOutcome(bytes: Uint8Array): OutcomeBody | undefined {
  const fields = fieldsOfBytes(DOMAIN, 7, bytes);
  if (fields === undefined) return undefined;
  const [roomId, tipId, result, ranMs, durationMs, reason, atServerMs] = fields;
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
