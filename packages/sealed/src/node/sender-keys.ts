import { randomBytes, randomUUID } from 'node:crypto';
import { fromBase64Url, toBase64Url } from '../base64url.ts';
import { KEY_BYTES } from '../keys.ts';
import { type SenderKey, type SenderKeyRing, senderKeyRing } from './opaque-sender.ts';

export interface SenderKeys {
  /** Envelopes are closed with it. */
  readonly current: SenderKey;
  /** All that envelopes are opened with. */
  readonly ring: SenderKeyRing;
}

/** A new secret file of sender keys: a JSON array of {keyId, key}, the newest first, with one key. */
export function makeSenderKeys(): string {
  return `${JSON.stringify([{ keyId: randomUUID(), key: toBase64Url(randomBytes(KEY_BYTES)) }])}\n`;
}

/** The secret file with a new key before those of `former`; undefined when that is no such file. */
export function rotateSenderKeys(former?: string): string | undefined {
  if (former === undefined) return makeSenderKeys();
  if (!parseSenderKeys(former)) return undefined;
  return `${JSON.stringify([...JSON.parse(makeSenderKeys()), ...JSON.parse(former)])}\n`;
}

/** Reads the secret file's text; undefined when it is not one, or holds no key. */
export function parseSenderKeys(text: string): SenderKeys | undefined {
  try {
    const keys = (JSON.parse(text) as { keyId: string; key: string }[]).map(({ keyId, key }) => ({
      keyId,
      key: fromBase64Url(key),
    }));
    const [current] = keys;
    return current && { current, ring: senderKeyRing(keys) };
  } catch {
    return undefined;
  }
}
