/** Every limit of the client, in one place. Times are milliseconds. */

/** One REST request, from the call to the whole answer. */
export const REQUEST_MS_MAX = 10_000;
/** How often a request that is safe to repeat is tried in all. */
export const REQUEST_TRIES_MAX = 3;
/** The pause before the second try; it doubles, and is cut short by chance. */
export const REQUEST_PAUSE_MS = 200;
/** The longest pause that a server's Retry-After may ask for before we give up instead. */
export const RETRY_AFTER_MS_MAX = 5_000;
/** Characters of a REST answer; what is longer is not from our server. */
export const ANSWER_CHARS_MAX = 4_000_000;

/** An access token is renewed in the last part of its life, at least so long before its end. */
export const RENEW_BEFORE_MS = 60_000;

/** A ticket lasts 30 s; its media half is not used later than this, so that it arrives in time. */
export const TICKET_FRESH_MS = 20_000;

/** From opening a socket to its being open. */
export const SOCKET_OPEN_MS_MAX = 10_000;
/** From `hello` to `welcome`. */
export const WELCOME_MS_MAX = 5_000;
/** An answer to a ping, or anything else from the server, comes within this, or the link is dead. */
export const PONG_MS_MAX = 5_000;
/** A bridge's effect goes on only within 3 s of a gap, so its link has to be found dead sooner. */
export const BRIDGE_PING_EVERY_MS = 1_000;
export const BRIDGE_PONG_MS_MAX = 1_000;
/** A bridge comes back at once, and tries often. */
export const BRIDGE_RECONNECT_FIRST_MS_MAX = 50;
export const BRIDGE_RECONNECT_PAUSE_MS = 250;
export const BRIDGE_RECONNECT_PAUSE_MS_MAX = 2_000;
/** A link that stood so long was a good one: the next failure counts as the first. */
export const STABLE_MS = 5_000;
/** Reconnecting: the first pause is random up to this, so that a room does not come back all at once. */
export const RECONNECT_FIRST_MS_MAX = 500;
/** Reconnecting: further pauses double from here … */
export const RECONNECT_PAUSE_MS = 500;
/** … up to this. */
export const RECONNECT_PAUSE_MS_MAX = 10_000;
/** How long the old socket is kept for its last answers after the new one took over. */
export const LEAVING_MS_MAX = 2_000;

/** A bridge without its seat asks for it this often. A permit is longer, and the old one must run out first. */
export const SEAT_ASK_MS = 150;

/** Messages that wait for an answer or for a socket; one more is refused. */
export const UNANSWERED_MAX = 64;
/** What has no answer is sent again on the same socket after this. */
export const RESEND_MS = 5_000;
/** Bytes that may wait in a socket before its link counts as stuck. */
export const SOCKET_BUFFER_BYTES_MAX = 1_048_576;

/** How long a tip order is good for: the time in which payments takes it. */
export const TIP_ORDER_MS = 120_000;
/** How long `tip` tries to get its receipt. */
export const TIP_RECEIPT_MS_MAX = 60_000;
/** The pause after a refusal that may pass; it doubles up to the second figure. */
export const TIP_RETRY_MS = 250;
export const TIP_RETRY_MS_MAX = 4_000;
/** A tip whose end was missed: how often the ledger is asked for it, and the pause between. */
export const LEDGER_TRIES_MAX = 20;
export const LEDGER_PAUSE_MS = 3_000;
/** Stages of a tip kept for a reader that has not come yet. A life has a handful; pauses may add to it. */
export const TIP_STAGES_MAX = 256;
/** How long payments' key to seal to is used before it is asked for again. */
export const ORDER_KEY_MS = 300_000;

/** A newcomer asks for the chat's key after a pause of chance up to this. */
export const KEY_ASK_SOON_MS = 100;
/** When a key begins under everybody's eyes, all ask: spread over this. */
export const KEY_ASK_SPREAD_MS = 2_000;
/** After a rotation whoever has a member key waits this long for the new key to come by itself … */
export const KEY_WRAP_WAIT_MS = 1_500;
/** … and then asks, spread over this. */
export const KEY_WRAP_SPREAD_MS = 3_000;
/** No answer: the ask is made again after this; it doubles up to the second figure. */
export const KEY_ASK_RETRY_MS = 2_000;
export const KEY_ASK_RETRY_MS_MAX = 60_000;
/** Asks whose answers are still taken. */
export const KEY_ASKS_KEPT = 4;
/** Room keys that one stay remembers. */
export const ROOM_KEYS_KEPT = 64;
/** Lines that wait for their key. */
export const LINES_WAITING_MAX = 200;
/** Lines that are kept to be shown. */
export const LINES_KEPT = 500;
/** A line under the key before is taken for so long after a new one is in force: it was on its way. */
export const LATE_KEY_MS = 30_000;
/** How long a line that is to be said waits for the key. */
export const SAY_WAIT_MS = 10_000;

/** Sealed keys in one message; the server's KEYS_MAX. */
export const KEYS_IN_MESSAGE_MAX = 24;
/** Asks that wait for their answer; one more is dropped, and made again by who asks. */
export const ASKS_WAITING_MAX = 5_000;
/** The pause between two messages full of keys, below the server's rate of messages. */
export const KEYS_PAUSE_MS = 60;
/** The log did not take the keeper's statement: it is said again after this. */
export const STATEMENT_RETRY_MS = 1_000;
/** Members who are sent a new key at a rotation, the newest; others ask. */
export const MEMBERS_KEPT = 5_000;
/** Room keys that the keeper keeps, so that it can read its own log after a reload. */
export const KEEPER_KEYS_KEPT = 32;
