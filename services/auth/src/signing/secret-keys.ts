const KEY_TEXT = /^[A-Za-z0-9+/_-]{43}=?$/;

/** A 32-byte secret as base64 or base64url text; undefined when it is anything else. */
export function parseSecretKey(text: string): Uint8Array | undefined {
  return KEY_TEXT.test(text) ? Buffer.from(text, 'base64url') : undefined;
}

/**
 * One 32-byte secret a line. The first seals; the others only open what was sealed before, so that the sealing key itself
 * can be changed. Undefined when a line is not such a key.
 */
export function parseSecretKeys(text: string): readonly [Uint8Array, ...Uint8Array[]] | undefined {
  const keys = text.split(/\s+/).filter(Boolean).map(parseSecretKey);
  const [first, ...rest] = keys;
  if (!first || rest.some((key) => key === undefined)) return undefined;
  return [first, ...(rest as Uint8Array[])];
}
