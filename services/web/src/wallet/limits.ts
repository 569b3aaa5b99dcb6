/** Limits of the wallet's page. */

/** Entries kept in the page's own history; the oldest go first. */
export const HISTORY_ENTRIES_MAX = 500;
/** Entries shown before 'Show all'. */
export const HISTORY_SHOWN = 20;
/** Amounts offered for a top-up. */
export const TOP_UP_AMOUNTS = [100n, 500n, 1_000n] as const;
/** Tokens that one purchase may buy: as payments has it. */
export const TOP_UP_MAX = 100_000n;
/** A purchase that is paid and not credited yet is asked about again after this, so many times. */
export const CREDIT_PAUSE_MS = 1_000;
export const CREDIT_TRIES_MAX = 10;
/** Tips whose end this page missed: how many of the latest are asked about when it opens. */
export const OPEN_TIPS_MAX = 20;
/** A tip that the ledger still does not know after this was never taken: its order was good for 2 minutes. */
export const NEVER_TAKEN_MS = 600_000;
