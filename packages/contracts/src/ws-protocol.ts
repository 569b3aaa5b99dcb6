/**
 * The WebSocket protocol, version 1. Text frames of JSON, one message each. Sealed things are opaque to the server.
 * The first message is `hello` with a join ticket; no credential of ours is ever in a URL.
 * `ws-schemas.ts` checks the client's half at the border.
 */
import type { Effect } from './effect.ts';

export const WS_SUBPROTOCOL = 'nightjar.v1';

export interface Sealed {
  readonly scheme: string;
  readonly keyId: string;
  /** base64url without padding */
  readonly bytes: string;
}

/** The bridge's word on an effect; see packages/bridge/src/outcome.ts. All base64url. */
export interface SignedOutcome {
  readonly body: string;
  readonly signature: string;
  readonly publicKey: string;
}

/** A sealed key on its way to one connection. */
export interface KeyFor {
  readonly to: string;
  readonly key: Sealed;
}

/** A place in a room log. */
export interface LogPlace {
  readonly epoch: string;
  readonly offset: number;
}

export type Role = 'guest' | 'viewer' | 'broadcaster' | 'bridge';

/**
 * Who may send what: `hello` and `ping` all; `key-ask` guest, viewer; `chat` viewer, broadcaster; `tip` viewer; `keys`,
 * `keeper` and `strike` the broadcaster; the rest the bridge.
 */
export type ClientMessage =
  | { t: 'hello'; ticket: string; resume?: LogPlace }
  | { t: 'ping'; n: number }
  | { t: 'chat'; id: string; body: Sealed }
  /** Asks whoever keeps the chat's keys for one. Passed on to the broadcaster's sockets, kept nowhere. */
  | { t: 'key-ask'; id: string; request: Sealed }
  /** The keeper's answers, each for one connection (`ref` of `key-asked`). A connection that is gone is passed over. */
  | { t: 'keys'; id: string; keys: readonly KeyFor[] }
  /** The keeper's statement: who keeps the chat's keys, and which is in force. Signed, not secret. */
  | { t: 'keeper'; id: string; statement: Sealed }
  /** Takes a line out of everybody's log. */
  | { t: 'strike'; id: string; lineId: string }
  | { t: 'tip'; id: string; amount: string; itemId?: string; order: Sealed; note?: Sealed; trace?: string }
  | { t: 'seat'; take: boolean }
  | { t: 'permit'; n: number }
  | { t: 'progress'; tipId: string; state: ProgressState; trace?: string }
  | { t: 'outcome'; tipId: string; outcome: SignedOutcome; trace?: string };

export type ServerMessage =
  | Welcome
  | ({ t: 'entry'; offset: number } & LogEntry)
  | { t: 'presence'; viewers: number }
  | { t: 'pong'; n: number; serverMs: number }
  /** The tip is in the ledger. The same tip again answers the same. */
  | { t: 'receipt'; tipId: string; seq: string; held: boolean; startBy?: string }
  /** The chat line, the keeper's statement or the strike is in the log. */
  | { t: 'posted'; id: string; offset: number }
  /** To the broadcaster: somebody asks for the chat's key. `from` is missing for a guest. */
  | { t: 'key-asked'; ref: string; from?: string; request: Sealed }
  /** To one connection: the keeper's answer. */
  | { t: 'key'; key: Sealed }
  /** The bridge holds the room's seat, or does not. */
  | { t: 'seat'; held: boolean; code?: string }
  /** Answers `permit` n. The bridge counts `forMs` from when it sent the ask, on its own clock. */
  | { t: 'permit'; n: number; forMs: number; serverMs: number }
  | { t: 'refused'; n: number; code: string; serverMs: number }
  /** Payments has the outcome; the bridge may forget it. */
  | { t: 'settled'; tipId: string }
  /** The server is going: open another socket after so many milliseconds, then leave this one. */
  | { t: 'going'; inMs: number }
  /**
   * `re`: the id of the message at fault, where it had one. `retry`: whether the same message may succeed later. `until`:
   * with `silenced`, when lines may be written again.
   */
  | { t: 'error'; re?: string; code: string; message: string; retry: boolean; until?: string };

export interface Welcome {
  readonly t: 'welcome';
  readonly roomId: string;
  readonly role: Role;
  readonly pseudonym?: string;
  readonly epoch: string;
  /** The log's latest offset. Entries from `from` to `offset` follow at once, then live ones, without a gap. */
  readonly offset: number;
  readonly from: number;
  /** True: `from` goes on where the client was. False: it does not; start from the snapshot. */
  readonly recovered: boolean;
  readonly snapshot: Snapshot;
  /** The broadcaster silenced this viewer until then. */
  readonly silencedUntil?: string;
  readonly viewers: number;
  readonly serverMs: number;
}

/** The room as it is at `offset`, money included; chat is not in it. */
export interface Snapshot {
  readonly show?: ShowEntry;
  readonly menu?: MenuEntry;
  readonly room?: RoomEntry;
  readonly goal?: GoalEntry & { readonly reached: string };
  readonly keeper?: KeeperEntry;
  /** Tips whose tokens are held for an outcome, oldest first. */
  readonly tips: readonly TipEntry[];
}

export type LogEntry = { readonly at: string; readonly trace?: string } & (
  | TipEntry
  | ProgressEntry
  | SettledEntry
  | ChatEntry
  | ShowEntry
  | MenuEntry
  | RoomEntry
  | GoalEntry
  | KeeperEntry
  | StruckEntry
  | SanctionEntry
);

export interface TipEntry {
  readonly kind: 'tip';
  readonly tipId: string;
  readonly from: string;
  readonly amount: string;
  readonly item?: { readonly itemId: string; readonly name: string; readonly effect?: Effect };
  readonly note?: Sealed;
  /** Held for an outcome; otherwise it is settled already. */
  readonly held: boolean;
  /** The start deadline, of held tips. */
  readonly startBy?: string;
  /**
   * In a snapshot only: what was last told of its effect. One that is running or paused has begun, so no bridge but the
   * one that began it may run it.
   */
  readonly state?: ProgressState;
}

export type ProgressState = 'queued' | 'running' | 'paused';

export interface ProgressEntry {
  readonly kind: 'progress';
  readonly tipId: string;
  readonly state: ProgressState;
}

export type TipResult = 'ran' | 'partly' | 'expired' | 'refused' | 'paid';

export interface SettledEntry {
  readonly kind: 'settled';
  readonly tipId: string;
  readonly result: TipResult;
  readonly settled: string;
  readonly returned: string;
  readonly ranMs: number;
}

export interface ChatEntry {
  readonly kind: 'chat';
  readonly id: string;
  readonly from: string;
  readonly body: Sealed;
}

export interface ShowEntry {
  readonly kind: 'show';
  readonly showId: string;
  readonly state: 'started' | 'ended';
  readonly mode: 'public';
}

export interface MenuEntry {
  readonly kind: 'menu';
  readonly version: number;
  readonly items: readonly MenuItem[];
}

export interface RoomEntry {
  readonly kind: 'room';
  readonly title: string;
  readonly tags: readonly string[];
}

/**
 * A new goal, or none any more. Towards it counts what is settled in an entry after it whose `at` is not before its own:
 * the amount of a tip that is not held, and `settled` of one that was.
 */
export interface GoalEntry {
  readonly kind: 'goal';
  readonly goal?: { readonly goalId: string; readonly title: string; readonly amount: string };
}

export interface KeeperEntry {
  readonly kind: 'keeper';
  readonly statement: Sealed;
}

/**
 * A line was taken away. It stands where the line stood, for whoever reads the log later, and once more where it was
 * decided, for whoever has the line already.
 */
export interface StruckEntry {
  readonly kind: 'struck';
  readonly lineId: string;
}

export type Sanction = 'silenced' | 'removed' | 'banned';

/** What the broadcaster decided about somebody. `removed` is for this show, `banned` for good; `until` is set for `silenced`. */
export interface SanctionEntry {
  readonly kind: 'sanction';
  readonly who: string;
  readonly what: Sanction | 'lifted';
  readonly until?: string;
}

export interface MenuItem {
  readonly itemId: string;
  readonly name: string;
  /** Tokens, as a decimal string like every amount. */
  readonly price: string;
  readonly effect?: Effect;
}

/** `retry`: may the client come back by itself, with a new ticket and after a random pause. */
export const CLOSE = {
  badMessage: { code: 4400, retry: false, why: 'the first message was not a valid hello' },
  ticketInvalid: { code: 4401, retry: true, why: 'the join ticket is used, too old or unknown' },
  roomUnknown: { code: 4404, retry: false, why: 'there is no such room for you' },
  helloTimeout: { code: 4408, retry: true, why: 'no hello in time' },
  seatLost: { code: 4409, retry: false, why: 'another bridge took the seat' },
  removed: { code: 4410, retry: false, why: 'removed from the room' },
  tooLarge: { code: 4413, retry: false, why: 'a frame larger than WS_FRAME_BYTES_MAX' },
  tooMany: { code: 4429, retry: true, why: 'too many messages' },
  tooSlow: { code: 4430, retry: true, why: 'reads slower than the room writes' },
  internal: { code: 4500, retry: true, why: 'a fault of the server' },
  unavailable: { code: 4503, retry: true, why: 'the server is going, or lacks what it needs' },
} as const;

export const WS_FRAME_BYTES_MAX = 16_384;
export const WS_HELLO_TIMEOUT_MS = 5_000;
export const WS_IDLE_MS_MAX = 30_000;
/** A client that has nothing to say sends `ping` this often. */
export const WS_PING_EVERY_MS = 10_000;
/** A permit's length: how long a bridge may go on, counted from when it asked. */
export const PERMIT_MS = 600;
