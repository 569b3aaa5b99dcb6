import type { FenceRules } from '@nightjar/client/fences';

/** Who may know that a room exists, as far as the list of countries goes. */
export interface FenceDraft {
  readonly who: 'all' | 'only' | 'but';
  readonly countries: readonly string[];
  /** People from places that nobody can tell. */
  readonly unknown: boolean;
}

export const OPEN_TO_ALL: FenceDraft = { who: 'all', countries: [], unknown: false };

export function rulesOf({ who, countries, unknown }: FenceDraft): FenceRules {
  if (who === 'all') return { rules: [], otherwise: 'allow', unknown: 'deny' };
  const only = who === 'only';
  return {
    rules: [{ effect: only ? 'allow' : 'deny', kind: 'country', values: [...countries].sort() }],
    otherwise: only ? 'deny' : 'allow',
    unknown: unknown ? 'allow' : 'deny',
  };
}

/** Undefined when it says something that a list of countries cannot: then this page must not write over it. */
export function draftOfRules({ rules, otherwise, unknown }: FenceRules): FenceDraft | undefined {
  const [rule, ...others] = rules;
  const rest = unknown === 'allow';
  if (!rule) return { ...OPEN_TO_ALL };
  if (others.length > 0 || rule.kind !== 'country' || !rule.values) return undefined;
  const countries = rule.values.map(String);
  if (rule.effect === 'allow' && otherwise === 'deny') return { who: 'only', countries, unknown: rest };
  if (rule.effect === 'deny' && otherwise === 'allow') return { who: 'but', countries, unknown: rest };
  return undefined;
}

export function fenceFault({ who, countries }: FenceDraft): string | undefined {
  if (who === 'all' || countries.length > 0) return undefined;
  return who === 'only'
    ? 'Choose at least one country: with none, nobody could see you.'
    : 'Choose at least one country, or let everybody see you.';
}

/** What a fence means, in a sentence. */
export function fenceWords(
  { who, countries, unknown }: FenceDraft,
  nameOf: (code: string) => string,
): string {
  if (who === 'all')
    return 'Everybody who has the address may see you, and the directory shows your room to all.';
  if (countries.length === 0) return 'Nobody is chosen yet.';
  const places = listed(countries.map(nameOf));
  const untold = 'people whose place nobody can tell';
  if (who === 'only')
    return unknown
      ? `Only people in ${places}, and ${untold}, may know that your room exists. For everybody else it is as if it had never been.`
      : `Only people in ${places} may know that your room exists. For everybody else, and for ${untold}, it is as if it had never been.`;
  return unknown
    ? `For people in ${places} it is as if your room had never been. Everybody else may see you, and so may ${untold}.`
    : `For people in ${places}, and for ${untold}, it is as if your room had never been. Everybody else may see you.`;
}

/** The same in a few words. */
export function fenceShort({ who, countries }: FenceDraft, nameOf: (code: string) => string): string {
  if (who === 'all') return 'Everybody';
  return `${who === 'only' ? 'Only' : 'All but'} ${listed(countries.map(nameOf))}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
