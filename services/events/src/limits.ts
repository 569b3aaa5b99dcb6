/** Every limit of this service, in one place. */

/** Entries kept in a room's log; who was away for longer starts from the snapshot. */
export const LOG_ENTRIES_KEPT = 1_000;
/** Entries of the past that somebody who comes in is shown. */
export const HISTORY_ENTRIES = 50;
/** How long a chat line's id is remembered. */
export const MESSAGE_ID_MS = 600_000;
/** Money events that a new epoch's log is filled with. */
export const REFILL_EVENTS_MAX = 500;

export const TICKET_SECONDS = 30;
/** Addresses that have been silent long enough are forgotten this often. */
export const FORGET_ADDRESSES_EVERY_MS = 10_000;

export const SOCKETS_MAX = 10_000;
/** Written to a socket and not yet taken by its peer; more and it is closed as too slow. */
export const SOCKET_BUFFER_BYTES_MAX = 1_048_576;
/** How long a peer that we close may take to answer; then its socket and what it did not take are let go. */
export const SOCKET_CLOSE_MS_MAX = 3_000;
/** Larger frames are cut off by the WebSocket library; up to here we say why. */
export const FRAME_BYTES_HARD_MAX = 131_072;
/** Messages that one socket has under way; more are refused until some are answered. */
export const SOCKET_IN_FLIGHT_MAX = 32;

export const MESSAGES_PER_SECOND = 30;
export const MESSAGES_BURST = 60;
/** Messages over the rate that a socket may send before it is closed. */
export const MESSAGES_OVER_MAX = 60;
export const TIPS_PER_SECOND = 5;
export const TIPS_BURST = 10;
export const CHATS_PER_SECOND = 2;
export const CHATS_BURST = 6;

/** A client that got no key asks again; see packages/client. */
export const KEY_ASKS_PER_SECOND = 0.5;
export const KEY_ASKS_BURST = 4;
/** Of one room, on one pod: all of them go to one broadcaster's sockets. */
export const ROOM_KEY_ASKS_PER_SECOND = 200;
export const ROOM_KEY_ASKS_BURST = 400;
/** A broadcaster's socket that has more than this to read is not asked for keys. */
export const KEY_ASK_BUFFER_BYTES_MAX = 262_144;
/** What pods say to each other on a room's channel apart from entries; more is passed over. */
export const CHANNEL_MESSAGE_CHARACTERS_MAX = 32_768;
export const KEEPERS_PER_SECOND = 1;
export const KEEPERS_BURST = 5;
/** Of one room, on one pod: a line is looked for in all of the log, and Redis does nothing else meanwhile. */
export const ROOM_STRIKES_PER_SECOND = 5;
export const ROOM_STRIKES_BURST = 20;

/**
 * How long a ban is remembered beside the log. Only tickets given before it rest on that; new ones are refused by rooms,
 * for good.
 */
export const BAN_REMEMBERED_MS = 3_600_000;

/** Rooms that one CountViewers may ask about. */
export const COUNTED_ROOMS_MAX = 10_000;
/** Of these so many are asked of Redis at a time. */
export const COUNTED_ROOMS_AT_ONCE = 256;
/** How long the bus may take to have the word that an edge goes. */
export const EDGE_GOING_MS_MAX = 1_000;

export const PRESENCE_EVERY_MS = 5_000;
/** Heartbeats are spread over so many moments of that time. */
export const PRESENCE_TURNS = 50;
export const PRESENCE_SOON_MS = 250;

/** The bus is asked this often whether it lives; permits need an answer no older than NATS_FRESH_MS. */
export const NATS_PROBE_MS = 100;
export const NATS_FRESH_MS = 300;
/** A permit that Redis does not give in this time is refused. */
export const PERMIT_DECIDE_MS_MAX = 250;

/** A drain tells sockets to go, spread over this time, and ends what is left after the grace. */
export const DRAIN_SPREAD_MS = 3_000;
export const DRAIN_GRACE_MS = 5_000;

export const CONSUMER_RETRY_MS = 250;
/** A pod that has not pulled from a partition for so long loses it to another. */
export const ROOM_EVENTS_PIN_MS = 5_000;
/** A pull lasts so long, then the next is made: two must fit into the time of a pin. */
export const ROOM_EVENTS_PULL_MS = 2_000;
export const ROOM_EVENTS_FETCH_MAX = 64;
/** An event that was not acknowledged in this time is delivered again. */
export const ROOM_EVENTS_ACK_MS = 10_000;

/** How long an event that came before its predecessor waits for it. */
export const HELD_MS = 20;
/** Events that one partition holds so; beyond it their sources are asked at once. */
export const HELD_EVENTS_MAX = 256;
