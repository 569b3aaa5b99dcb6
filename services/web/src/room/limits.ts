/** How often the level of a running effect is drawn from its pattern, in ms. */
export const TRACE_EVERY_MS = 50;
