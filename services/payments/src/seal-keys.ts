import { fromBase64Url, toBase64Url } from '@nightjar/sealed/base64url';
import { type TipOrderKeyRing, tipOrderKeyRing } from '@nightjar/sealed/node/open-tip-order';
import { generateRecipientKeyPair } from '@nightjar/sealed/recipient-keys';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * The keys that tip orders are sealed to, as their secret file holds them, by age. Orders are sealed to `current`; `next`
 * is published ahead of its time, so that pages have it when it becomes current; `previous` still opens what was sealed
 * before the last rotation.
 */
export const SealKeysFile = Type.Object(
  {
    previous: Type.Optional(sealKey()),
    current: sealKey(),
    next: Type.Optional(sealKey()),
  },
  { additionalProperties: false },
);

function sealKey() {
  const raw = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
  return Type.Object(
    { keyId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), publicKey: raw(), privateKey: raw() },
    { additionalProperties: false },
  );
}

export interface SealKey {
  readonly keyId: string;
  /** X25519, base64url. */
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface SealKeySet {
  readonly previous?: SealKey;
  readonly current: SealKey;
  readonly next?: SealKey;
}

export interface SealKeys {
  readonly ring: TipOrderKeyRing;
  readonly published: readonly { keyId: string; publicKey: string; use: 'current' | 'next' }[];
}

const checked = Compile(SealKeysFile);

/** Reads the secret file's text; undefined when it is not one. */
export function parseSealKeys(text: string): SealKeys | undefined {
  try {
    const set: unknown = JSON.parse(text);
    return checked.Check(set) ? toSealKeys(set as SealKeySet) : undefined;
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

async function newSealKey(): Promise<SealKey> {
  const { publicKey, privateKey } = await generateRecipientKeyPair();
  const encoded = toBase64Url(publicKey);
  return { keyId: `tip-${encoded.slice(0, 12)}`, publicKey: encoded, privateKey: toBase64Url(privateKey) };
}
