import { FenceError } from './fence-error.ts';
import type { PolicyKeyRing } from './sign.ts';

/** Keys in one file of public keys at most. */
export const PUBLIC_KEYS_MAX = 16;

const KEY_BYTES = 32;

/**
 * The keys out of a file of public keys: see node/policy-keys.ts for its form.
 *
 * @throws FenceError `malformed`, without anything of the text.
 */
export function parsePolicyKeyRing(publicFile: string): PolicyKeyRing {
  const lines = readKeyLines(publicFile);
  if (lines.length === 0 || lines.length > PUBLIC_KEYS_MAX)
    throw new FenceError(
      'malformed',
      `public fence keys are 1 to ${PUBLIC_KEYS_MAX} lines: a key id and a key`,
    );
  const ring = new Map(lines.map(({ keyId, bytes }) => [keyId, bytes]));
  if (ring.size < lines.length) throw new FenceError('malformed', 'two public fence keys with one id');
  return ring;
}

/** @throws FenceError `malformed`, without anything of the text. */
export function readKeyLines(text: string): { keyId: string; bytes: Uint8Array<ArrayBuffer> }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, keyId = '', encoded = ''] = /^([A-Za-z0-9_.:-]{1,64}) +([A-Za-z0-9_-]{43})$/.exec(line) ?? [];
      // Not Node's Buffer: an edge, which is a Worker, reads this file too.
      const letters = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
      const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
      if (bytes.length !== KEY_BYTES)
        throw new FenceError('malformed', 'a line of fence keys is a key id and 32 bytes in base64url');
      return { keyId, bytes };
    });
}
