import { Store } from './store.ts';

export type Theme = 'system' | 'dark' | 'light';

/** What a person set on this device. Kept here and sent nowhere. */
export interface Preferences {
  readonly theme: Theme;
  /** A tip of more tokens than this is asked about once more. */
  readonly confirmAbove: number;
  /** Stills in the directory stay blurred until they are wanted. */
  readonly blurStills: boolean;
  /** 0 to 1 */
  readonly volume: number;
  readonly quality: Quality;
  /** The age that was confirmed, where an operator asks for it. */
  readonly confirmedAge: number;
}

export const QUALITIES = ['auto', 'high', 'medium', 'low'] as const;
export type Quality = (typeof QUALITIES)[number];

export const CONFIRM_ABOVE_MAX = 100_000;

const KEY = 'nightjar-preferences';

const DEFAULTS: Preferences = {
  theme: 'system',
  confirmAbove: 100,
  blurStills: true,
  volume: 0.8,
  quality: 'auto',
  confirmedAge: 0,
};

/** Reads what was kept; whatever is not understood is as if it had never been set. */
export function readPreferences(text: string | null): Preferences {
  const kept = parse(text);
  const within = (name: keyof Preferences, max: number): number => {
    const value = kept[name];
    return typeof value === 'number' && value >= 0 && value <= max ? value : (DEFAULTS[name] as number);
  };
  return {
    theme: kept.theme === 'dark' || kept.theme === 'light' ? kept.theme : 'system',
    confirmAbove: Math.floor(within('confirmAbove', CONFIRM_ABOVE_MAX)),
    blurStills: typeof kept.blurStills === 'boolean' ? kept.blurStills : DEFAULTS.blurStills,
    volume: within('volume', 1),
    quality: QUALITIES.find((quality) => quality === kept.quality) ?? DEFAULTS.quality,
    confirmedAge: within('confirmedAge', 99),
  };
}

function parse(text: string | null): Partial<Record<keyof Preferences, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function load(): Preferences {
  try {
    return readPreferences(localStorage.getItem(KEY));
  } catch {
    // A browser that keeps nothing: what is set holds until the page is left.
    return DEFAULTS;
  }
}

export const preferences = new Store<Preferences>(load());

export function prefer(change: Partial<Preferences>): void {
  preferences.update((current) => ({ ...current, ...change }));
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.current));
  } catch {
    // As above.
  }
}

/** Puts the theme on the page, now and whenever it changes. */
export function applyTheme(): void {
  const apply = (): void => {
    const { theme } = preferences.current;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  preferences.subscribe(apply);
}
