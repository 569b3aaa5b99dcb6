import {
  GOAL_AMOUNT_MAX,
  GOAL_TITLE_CHARACTERS_MAX,
  TAG_CHARACTERS_MAX,
  TAGS_MAX,
  TITLE_CHARACTERS_MAX,
} from '../limits.ts';

/** A goal as it is written. */
export interface GoalDraft {
  readonly title: string;
  /** As it was typed. */
  readonly amount: string;
}

export function titleFault(title: string): string | undefined {
  if (title.trim() === '') return 'Say in a few words what you are doing today.';
  return title.trim().length > TITLE_CHARACTERS_MAX
    ? `Keep it under ${TITLE_CHARACTERS_MAX + 1} characters.`
    : undefined;
}

/** Tags as they were typed, between commas or spaces, in the form that they are shown. */
export function tagsTyped(text: string): string[] {
  const tags = text
    .split(/[,\s]+/)
    .map((tag) => tag.normalize('NFC').toLowerCase().replace(/^#/, ''))
    .filter((tag) => tag !== '');
  return [...new Set(tags)];
}

export function tagFault(tag: string): string | undefined {
  if (tag.length > TAG_CHARACTERS_MAX) return `A tag is ${TAG_CHARACTERS_MAX} characters at most.`;
  return /^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u.test(tag)
    ? undefined
    : 'A tag is letters and digits, with hyphens between words.';
}

/** The tags with what was typed, or what is wrong with it. */
export function withTags(tags: readonly string[], typed: string): { tags: string[]; fault?: string } {
  const added = tagsTyped(typed);
  const fault = added.map(tagFault).find((found) => found !== undefined);
  if (fault) return { tags: [...tags], fault };
  const all = [...new Set([...tags, ...added])];
  if (all.length > TAGS_MAX)
    return { tags: [...tags], fault: `${TAGS_MAX} tags at most: take one away first.` };
  return { tags: all };
}

export function goalFaults({ title, amount }: GoalDraft): { title?: string; amount?: string } {
  const typed = amount.trim();
  const tokens = /^\d{1,12}$/.test(typed) ? BigInt(typed) : 0n;
  return {
    ...(title.trim() === ''
      ? { title: 'Say what happens when it is reached.' }
      : title.trim().length > GOAL_TITLE_CHARACTERS_MAX
        ? { title: `Keep it under ${GOAL_TITLE_CHARACTERS_MAX + 1} characters.` }
        : {}),
    ...(tokens < 1n || tokens > GOAL_AMOUNT_MAX
      ? { amount: `A whole number of tokens, 1 to ${GOAL_AMOUNT_MAX.toLocaleString('en')}.` }
      : {}),
  };
}

/** The beginning of a room's address, made of its title. */
export function nameOfTitle(title: string): string {
  const plain = title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 24)
    .replace(/-+$/, '');
  return plain.length >= 2 ? plain : 'room';
}

/** A room's slug or id out of what a person has: the address as a browser shows it, or the end of it. */
export function roomOfAddress(typed: string): string | undefined {
  const text = typed.trim();
  const path = /\/r\/([^/?#\s]+)/.exec(text)?.[1] ?? text;
  return /^[\w-]{1,128}$/.test(path) ? path : undefined;
}
