import { SLUG_TAIL_CHARACTERS } from '../limits.ts';

/** Crockford's base 32: nothing in it is mistaken for something else when read aloud. */
const TAIL_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export const ROOM_NAME_PATTERN = '^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$';

/** A room's slug: the chosen name and a tail of random characters, so that a free name says nothing about other rooms. */
export function slugOf(name: string, random: Uint8Array): string {
  if (random.length < SLUG_TAIL_CHARACTERS) throw new RangeError('too few random bytes for a slug');
  const tail = Array.from(random.subarray(0, SLUG_TAIL_CHARACTERS), (byte) =>
    TAIL_ALPHABET.charAt(byte & 31),
  );
  return `${name}-${tail.join('')}`;
}
