import type { Bytes } from './base64url.ts';
import { SealedError } from './sealed-error.ts';

/** Characters (code points) of a chat line or a tip's note. */
export const CHAT_CHARS_MAX = 500;
/**
 * A text is padded with zeros to one of these numbers of bytes, its length of two bytes included, so that the length of
 * the ciphertext tells no more than one of six sizes.
 */
export const CHAT_TEXT_STEPS = [64, 128, 256, 512, 1024, 2048] as const;

const LENGTH_BYTES = 2;
/** UTF-8 needs at most four bytes for a character. */
if (CHAT_CHARS_MAX * 4 + LENGTH_BYTES > CHAT_TEXT_STEPS[5])
  throw new Error('the longest text outgrew its padding');

/**
 * What a line may not hold, because it could make a page show something else than what was said: control characters,
 * line and paragraph separators, what turns the direction of the text around it, and what has no width and no other use.
 */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u2060-\u206f\u202a-\u202e\ufeff\ufff9-\uffff\p{Cs}]/u;
const FORBIDDEN_ALL = new RegExp(FORBIDDEN.source, 'gu');

/**
 * What somebody typed, as it is sealed: in Unicode's composed form (NFC), with runs of white space as one space and
 * without what a line may not hold. Undefined when nothing is left, or more than CHAT_CHARS_MAX characters are.
 */
export function toChatText(typed: string): string | undefined {
  const text = typed
    .replace(/\s/gu, ' ')
    .replace(FORBIDDEN_ALL, '')
    .normalize('NFC')
    .replace(/ +/g, ' ')
    .trim();
  return isChatText(text) ? text : undefined;
}

function isChatText(text: string): boolean {
  if (text === '' || text.trim() !== text || FORBIDDEN.test(text)) return false;
  // A code point has at most two units: most texts need not be counted.
  return text.length <= CHAT_CHARS_MAX || [...text].length <= CHAT_CHARS_MAX;
}

/**
 * A text as padded bytes.
 *
 * @throws SealedError `malformed` unless it is what `toChatText` gives.
 */
export function encodeChatText(text: string): Bytes {
  if (!isChatText(text)) throw new SealedError('malformed', 'not a chat text');
  const bytes = new TextEncoder().encode(text);
  const size = CHAT_TEXT_STEPS.find((step) => bytes.length + LENGTH_BYTES <= step) ?? 0;
  const out = new Uint8Array(size);
  new DataView(out.buffer).setUint16(0, bytes.length);
  out.set(bytes, LENGTH_BYTES);
  return out;
}

/**
 * The text in padded bytes; accepts nothing that `encodeChatText` would not write.
 *
 * @throws SealedError `malformed`.
 */
export function decodeChatText(padded: Uint8Array): string {
  const length = ((padded[0] ?? 0) << 8) | (padded[1] ?? 0);
  const text = decodeUtf8(padded.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  if (text === undefined || !isChatText(text)) throw new SealedError('malformed', 'not a chat text');
  const again = encodeChatText(text);
  if (again.length !== padded.length || again.some((byte, i) => byte !== padded[i]))
    throw new SealedError('malformed', 'a chat text with another padding');
  return text;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
