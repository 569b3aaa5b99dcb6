import { fromBase64Url, toBase64Url } from '../base64url.ts';
import { KEY_BYTES } from '../keys.ts';
import { generateRecipientKeyPair } from '../recipient-keys.ts';
import { assertKeyId } from '../sealed-payload.ts';
import { type TipOrderKeyRing, tipOrderKeyRing } from './open-tip-order.ts';

export interface SealKey {
  readonly keyId: string;
  /** X25519, base64url. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * The keys that tip orders are sealed to, as their secret file holds them, by age. Orders are sealed to `current`; `next`
 * is published ahead of its time, so that pages have it when it becomes current; `previous` still opens what was sealed
 * before the last rotation.
 */
export interface SealKeySet {
  readonly previous?: SealKey;
  readonly current: SealKey;
  readonly next?: SealKey;
}

export interface SealKeys {
  readonly ring: TipOrderKeyRing;
  readonly published: readonly { keyId: string; publicKey: string; use: 'current' | 'next' }[];
}

const AGES: readonly string[] = ['previous', 'current', 'next'];

/** Reads the secret file's text; undefined when it is not one. */
export function parseSealKeys(text: string): SealKeys | undefined {
  try {
    const set: unknown = JSON.parse(text);
    return isSealKeySet(set) ? toSealKeys(set) : undefined;
  } catch {
    return undefined;
  }
}

/** Throws SealedError when a key is not one or an id comes twice. */
export function toSealKeys({ previous, current, next }: SealKeySet): SealKeys {
  const held = [current, ...(next ? [next] : []), ...(previous ? [previous] : [])];
  return {
    ring: tipOrderKeyRing(
      held.map(({ keyId, privateKey }) => ({ keyId, privateKey: fromBase64Url(privateKey) })),
    ),
    published: [
      { keyId: current.keyId, publicKey: current.publicKey, use: 'current' },
      ...(next ? [{ keyId: next.keyId, publicKey: next.publicKey, use: 'next' as const }] : []),
    ],
  };
}

/** New keys; with the ones of before, a rotation: next becomes current, current previous, and previous is forgotten. */
export async function rotateSealKeys(before?: SealKeySet): Promise<SealKeySet> {
  if (!before) return { current: await newSealKey(), next: await newSealKey() };
  return {
    previous: before.current,
    current: before.next ?? (await newSealKey()),
    next: await newSealKey(),
  };
}

/** The secret file with new keys, or with those of `former` after a rotation; undefined when that is no such file. */
export async function rotateSealKeysFile(former?: string): Promise<string | undefined> {
  if (former !== undefined && !parseSealKeys(former)) return undefined;
  const before = former === undefined ? undefined : (JSON.parse(former) as SealKeySet);
  return `${JSON.stringify(await rotateSealKeys(before))}\n`;
}

async function newSealKey(): Promise<SealKey> {
  const { publicKey, privateKey } = await generateRecipientKeyPair();
  const encoded = toBase64Url(publicKey);
  return { keyId: `tip-${encoded.slice(0, 12)}`, publicKey: encoded, privateKey: toBase64Url(privateKey) };
}

function isSealKeySet(value: unknown): value is SealKeySet {
  if (!isRecord(value) || !('current' in value)) return false;
  return Object.entries(value).every(([age, key]) => AGES.includes(age) && isSealKey(key));
}

function isSealKey(value: unknown): value is SealKey {
  if (!isRecord(value) || Object.keys(value).length !== 3) return false;
  const { keyId, publicKey, privateKey } = value;
  if (typeof keyId !== 'string' || typeof publicKey !== 'string' || typeof privateKey !== 'string')
    return false;
  assertKeyId(keyId);
  return [publicKey, privateKey].every((key) => fromBase64Url(key).length === KEY_BYTES);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
