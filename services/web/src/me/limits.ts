/** Rooms whose names this browser remembers; the ones visited longest ago go first. */
export const ROOMS_KNOWN_MAX = 50;
