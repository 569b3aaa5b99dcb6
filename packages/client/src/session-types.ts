import type {
  ClientMessage,
  LogEntry,
  LogPlace,
  ServerMessage,
  Welcome,
} from '@nightjar/contracts/ws-protocol';
import type { Backoff } from './backoff.ts';
import type { CloseReason } from './close-reason.ts';

/** `connecting`: for the first time. `reconnecting`: was live. `closed` is for good. */
export type Phase = 'connecting' | 'live' | 'reconnecting' | 'closed';

/** One socket's life, from asking for its ticket to its end. There are two while the server hands over. */
export interface Link {
  /** 1, 2, 3 …: never used again, so that what comes late from an old socket is known. */
  readonly id: number;
  readonly stage: LinkStage;
  /** When the stage began. */
  readonly sinceMs: number;
  /** When something was last heard and last written. */
  readonly heardMs: number;
  readonly wroteMs: number;
  readonly pingedMs: number;
  readonly pings: number;
  /** Until it went into `hello`. */
  readonly ticket?: string;
  /** The place that `hello` resumed from. */
  readonly resumed?: LogPlace;
  /** Of the log, once welcomed. */
  readonly log?: LinkLog;
}

export interface LinkLog {
  readonly epoch: string;
  /** The only offset that the next entry may have. */
  readonly expect: number;
}

/**
 * `ticket` asked for, `opening` the socket, `hello` sent, `joined`: welcomed but not yet to be written to (a bridge
 * waits for its seat), `ready`, `leaving`: replaced, and kept for last answers.
 */
export type LinkStage = 'ticket' | 'opening' | 'hello' | 'joined' | 'ready' | 'leaving';

/** A message that the server answers, kept until it does. */
export interface Ask {
  readonly id: string;
  readonly message: ClientMessage;
  /** On which link it was written last, and when; 0 is none. */
  readonly link: number;
  readonly wroteMs: number;
}

export interface SessionOptions {
  readonly backoff: Backoff;
  /** A link that has nothing to say pings this often … */
  readonly pingEveryMs: number;
  /** … and is dead when nothing is heard for this long after. */
  readonly pongMsMax: number;
  /** A bridge's link is ready while the room's seat is held on it; everybody else's when it is welcomed. */
  readonly seat: boolean;
}

export interface SessionState {
  readonly options: SessionOptions;
  readonly phase: Phase;
  /** Of the last failure, while it is not live. */
  readonly reason?: CloseReason;
  /** The last place that was delivered. */
  readonly place?: LogPlace;
  /** Entries up to here are in the snapshot that was delivered last. */
  readonly pastTo: number;
  readonly links: readonly Link[];
  readonly lastLink: number;
  /** A bridge that held the seat once. It takes the seat from another bridge only at its start. */
  readonly seated: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** When the next link is to be begun, if one is wanted. */
  readonly beginMs?: number;
  readonly asks: ReadonlyMap<string, Ask>;
}

export type SessionInput =
  | { readonly is: 'start' }
  | { readonly is: 'leave' }
  | { readonly is: 'tick' }
  | { readonly is: 'ticket'; readonly link: number; readonly ticket: string }
  | {
      readonly is: 'ticket_failed';
      readonly link: number;
      readonly reason: CloseReason;
      readonly waitMs?: number;
    }
  | { readonly is: 'opened'; readonly link: number }
  | { readonly is: 'message'; readonly link: number; readonly message: ServerMessage }
  | { readonly is: 'bad_frame'; readonly link: number }
  | { readonly is: 'stuck'; readonly link: number }
  | { readonly is: 'ended'; readonly link: number; readonly code: number }
  /** A message that is answered: kept, and written again after a reconnect, until it is. */
  | { readonly is: 'ask'; readonly id: string; readonly message: ClientMessage }
  /** No answer is wanted any more. */
  | { readonly is: 'forget'; readonly id: string }
  /** A message of the moment: written now or never. */
  | { readonly is: 'tell'; readonly message: ClientMessage };

export type SessionOutput =
  | { readonly is: 'get_ticket'; readonly link: number }
  | { readonly is: 'connect'; readonly link: number; readonly ticket: string }
  | { readonly is: 'write'; readonly link: number; readonly message: ClientMessage }
  /** Close this socket and forget it. */
  | { readonly is: 'drop'; readonly link: number }
  | { readonly is: 'phase'; readonly phase: Phase; readonly reason?: CloseReason }
  /** `recovered` is what this side found true, not what was claimed. */
  | { readonly is: 'welcome'; readonly welcome: Welcome; readonly recovered: boolean }
  /** `past`: the last welcome's snapshot has it in already. */
  | { readonly is: 'entry'; readonly offset: number; readonly entry: LogEntry; readonly past: boolean }
  | { readonly is: 'reply'; readonly message: Reply }
  /** An ask that will not be answered any more. */
  | { readonly is: 'unanswered'; readonly id: string; readonly code: 'closed' | 'queue_full' };

/** What goes to the application as it is. */
export type Reply = Exclude<
  ServerMessage,
  { t: 'welcome' } | { t: 'entry' } | { t: 'pong' } | { t: 'going' }
>;

/** What a step may know besides state and input. */
export interface Moment {
  /** Monotonic. */
  readonly nowMs: number;
  /** 0 to 1. */
  readonly random: number;
}

export interface SessionStep {
  readonly state: SessionState;
  readonly outputs: readonly SessionOutput[];
}
