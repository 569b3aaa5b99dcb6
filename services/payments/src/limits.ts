import { AMOUNT_DIGITS_MAX } from '@nightjar/contracts/ws-schemas';

/** Tokens that one tip may move. */
export const TIP_TOKENS_MAX = 10n ** BigInt(AMOUNT_DIGITS_MAX) - 1n;
/** Tokens that one purchase may buy. */
export const PURCHASE_TOKENS_MAX = 100_000n;

/** Bytes of the sender as events sealed it. */
export const SENDER_BYTES_MAX = 1_024;
/** Bytes of a sealed note. */
export const NOTE_BYTES_MAX = 8_192;
/** Characters of a menu item's name; rooms allows fewer. */
export const ITEM_NAME_CHARS_MAX = 120;

/** Tips that go into one SQL call. */
export const TIP_BATCH_MAX = 128;
/** SQL calls with tips that are under way at once; what comes meanwhile waits and goes together. */
export const TIP_CALLS_MAX = 4;
/** Tips that may wait; more are answered `overloaded`. */
export const TIPS_WAITING_MAX = 2_048;

/** Outcomes kept as evidence for one tip. */
export const OUTCOMES_PER_TIP_MAX = 8;

/** Events in one answer of ListRoomEvents, and their bytes: NATS carries 1 MB in a message. */
export const EVENTS_LISTED_MAX = 500;
export const EVENTS_LISTED_BYTES_MAX = 512 * 1024;

/** How often holds that are past their time are looked for, and how many go back in one transaction. */
export const SWEEP_EVERY_MS = 1_000;
export const SWEEP_BATCH_MAX = 200;

/** How long events are kept in the outbox, and how they are cleaned away. */
export const EVENTS_KEPT_DAYS = 7;
export const CLEAN_EVERY_MS = 60_000;
export const CLEAN_BATCH_MAX = 1_000;

/** How often credits are looked for that a crash or an absent ledger left behind, and how many at once. */
export const CREDIT_EVERY_MS = 1_000;
export const CREDIT_BATCH_MAX = 100;

/** Wallets' public keys kept in memory, so that a tip need not ask for one. */
export const WALLET_KEYS_KEPT_MAX = 50_000;
/** How long a request proof is good for. */
export const PROOF_MS_MAX = 60_000;

/** Addresses that have been silent long enough are forgotten this often. */
export const FORGET_ADDRESSES_EVERY_MS = 10_000;

/** Connections of one process, by what they are for: a relay that waits for NATS must not keep a tip waiting. */
export const LEDGER_CONNECTIONS_MAX = 10;
export const RELAY_CONNECTIONS_MAX = 4;
export const BILLING_CONNECTIONS_MAX = 4;
/** Tips remembered for the outcome that follows in seconds; older ones are looked up. */
export const HELD_TIPS_KEPT_MAX = 10_000;
