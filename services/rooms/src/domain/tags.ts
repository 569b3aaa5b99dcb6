import { TAG_CHARACTERS_MAX } from '../limits.ts';

/** Words of letters and digits of any language; marks follow what they belong to. */
const WORD = '[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*';
const TAG = new RegExp(`^${WORD}(?:-${WORD})*$`, 'u');

/**
 * Tags in their normal form, each once, in the order that they were given: NFKC (Unicode 15, UAX 15), lower case, a hyphen
 * for what stands between words, without the `#` that people put before them. Undefined when one of them is none.
 */
export function normalTags(typed: readonly string[]): string[] | undefined {
  const tags = typed.map(normalTag);
  return tags.every((tag) => TAG.test(tag) && [...tag].length <= TAG_CHARACTERS_MAX)
    ? [...new Set(tags)]
    : undefined;
}

function normalTag(typed: string): string {
  return typed
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .trim()
    .replace(/^#/, '')
    .replace(/[\s_-]+/g, '-');
}
