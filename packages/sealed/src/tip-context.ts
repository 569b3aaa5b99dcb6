import { SealedError } from './sealed-error.ts';

/** Characters of an id in what this package signs or binds. A prefixed UUID has at most 44. */
export const ID_CHARS_MAX = 64;

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The tip that a sealed thing belongs to, known to those who carry it: it opens for this tip and no other. */
export interface TipContext {
  readonly tipId: string;
  readonly roomId: string;
}

/** @throws SealedError `malformed` unless the text is 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export function assertId(id: string): void {
  if (!ID.test(id)) throw new SealedError('malformed', 'not an id');
}

/**
 * The context as associated data: each id behind its length in one byte, so that no two contexts share bytes.
 *
 * @throws SealedError `malformed` when an id is not one.
 */
export function encodeTipContext(context: TipContext): Uint8Array<ArrayBuffer> {
  const { tipId, roomId } = context;
  assertId(tipId);
  assertId(roomId);
  const out = new Uint8Array(2 + tipId.length + roomId.length);
  out[0] = tipId.length;
  writeAscii(out, 1, tipId);
  out[1 + tipId.length] = roomId.length;
  writeAscii(out, 2 + tipId.length, roomId);
  return out;
}

/** Ids are ASCII by `assertId`, so a character is a byte; returns the offset behind the text. */
export function writeAscii(out: Uint8Array, offset: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) out[offset + i] = text.charCodeAt(i);
  return offset + text.length;
}
