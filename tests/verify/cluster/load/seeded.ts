/** Chance that comes again: the same seed makes the same evening. */
export interface Seeded {
  /** 0 to 1, never 1. */
  share(): number;
  /** One of these; throws RangeError on none. */
  pick<T>(of: readonly T[]): T;
}

/** Mulberry32. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const share = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    share,
    pick(of) {
      if (of.length === 0) throw new RangeError('nothing to pick from');
      return of[Math.floor(share() * of.length)] as (typeof of)[number];
    },
  };
}
