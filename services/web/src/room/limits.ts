/** Digits of an amount; packages/contracts, AMOUNT_DIGITS_MAX says the same to the server. */
export const AMOUNT_DIGITS_MAX = 12;
/** How often the level of a running effect is drawn from its pattern, in ms. */
export const TRACE_EVERY_MS = 50;
