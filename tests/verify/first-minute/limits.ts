/** What the first minute has to keep. Times in milliseconds. */
export const BARS = {
  firstFrameMs: 2_000,
  banToLastFrameMs: 1_000,
  scriptKb: 150,
} as const;

export const COLD_LOADS = 10;
/** In CI, where the figures are looked at and not published. */
export const COLD_LOADS_SHORT = 3;
