import type { Effect } from '@nightjar/contracts/effect';
import type {
  LogEntry,
  ProgressState,
  SignedOutcome,
  TipEntry,
  Welcome,
} from '@nightjar/contracts/ws-protocol';
import { toBase64Url } from '@nightjar/sealed/base64url';
import type { CloseReason } from './close-reason.ts';
import type { Endpoints } from './endpoints.ts';
import type { HttpClient } from './http.ts';
import type { Identity } from './identity.ts';
import { Listeners } from './listeners.ts';
import { PLATFORM, type Platform } from './platform.ts';
import { ProblemError } from './problem-error.ts';
import { BRIDGE_SESSION } from './session.ts';
import { type AppOutput, SessionDriver } from './session-driver.ts';
import type { Phase, Reply } from './session-types.ts';
import { getTicket } from './tickets.ts';

export interface BridgeParts {
  readonly endpoints: Pick<Endpoints, 'events'>;
  readonly http: HttpClient;
  readonly roomId: string;
  /** Of the room's owner, signed in as a broadcaster. */
  readonly identity: Identity;
  /** The public key that outcomes are signed with, 32 raw bytes. */
  readonly bridgeKey: Uint8Array;
  readonly platform?: Platform;
}

/** What packages/bridge calls LinkEvents. */
export interface BridgeEvents {
  /** The socket is open and this bridge holds the room's seat. */
  up(): void;
  /** It is not so any more. */
  down(): void;
  /** `begun`: the room's log says that it has begun, by this bridge or by another one. */
  effect(tip: { tipId: string; effect: Effect; startByMs: number; trace?: string; begun?: boolean }): void;
  /** An effect has begun, by this bridge or by another one. */
  begun(tipId: string): void;
  /** Answers `askPermit`; `forMs` of 0 is a no. */
  permit(answer: { n: number; forMs: number; serverMs: number; reason?: string }): void;
  /** Payments has the outcome. */
  settled(tipId: string): void;
  /** What was sent of this tip is refused for good: the same again will not be taken. */
  rejected(tipId: string, code: string): void;
}

export interface BridgeConnectionEvents {
  phase: { phase: Phase; reason?: CloseReason };
  /** The server refused something; an outcome's tip is in `tipId`. */
  problem: { problem: ProblemError; tipId?: string };
}

/** Bytes of the name of one run. */
const INSTANCE_BYTES = 16;

/**
 * A bridge's line to its room: the BridgeLink of packages/bridge. It reconnects by itself, moves to another server on two
 * sockets without giving up the seat, and brings each effect in the log's order. An effect may come twice, after the
 * server lost its log; the bridge knows effects by id.
 *
 * Nothing is kept for later: what is said while it is down is dropped, since a permit or a progress of the past is of no
 * use and the bridge keeps outcomes itself until they are settled.
 */
export class BridgeConnection implements Disposable {
  readonly #driver: SessionDriver;
  readonly #listeners = new Listeners<BridgeConnectionEvents>();
  #events: BridgeEvents | undefined;
  #up = false;

  constructor({ bridgeKey, platform = PLATFORM, ...parts }: BridgeParts) {
    const bridge = {
      bridgeKey: toBase64Url(bridgeKey),
      bridgeInstance: toBase64Url(crypto.getRandomValues(new Uint8Array(INSTANCE_BYTES))),
    };
    this.#driver = new SessionDriver({
      platform,
      events: parts.endpoints.events,
      options: BRIDGE_SESSION,
      getTicket: async (signal) => (await getTicket({ ...parts, as: 'bridge', bridge }, signal)).ticket,
      onOutput: (output) => this.#onOutput(output),
    });
  }

  get phase(): Phase {
    return this.#driver.state.phase;
  }

  /** Why it is not live, where it was, or why it ended. */
  get reason(): CloseReason | undefined {
    return this.#driver.state.reason;
  }

  on<K extends keyof BridgeConnectionEvents>(
    kind: K,
    listener: (event: BridgeConnectionEvents[K]) => void,
  ): () => void {
    return this.#listeners.on(kind, listener);
  }

  /** Begins to connect. */
  start(events: BridgeEvents): void {
    if (this.#events) throw new RangeError('started already');
    this.#events = events;
    this.#driver.do({ is: 'start' });
  }

  /** Sends ask `n` now or never. The permit counts from this call. */
  askPermit(n: number): void {
    this.#driver.do({ is: 'tell', message: { t: 'permit', n } });
  }

  sendOutcome(tipId: string, outcome: SignedOutcome, trace?: string): void {
    const message = { t: 'outcome', tipId, outcome, ...(trace === undefined ? {} : { trace }) } as const;
    this.#driver.do({ is: 'tell', message });
  }

  sendProgress(tipId: string, state: ProgressState, trace?: string): void {
    const message = { t: 'progress', tipId, state, ...(trace === undefined ? {} : { trace }) } as const;
    this.#driver.do({ is: 'tell', message });
  }

  close(): void {
    this.#driver.do({ is: 'leave' });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #onOutput(output: AppOutput): void {
    switch (output.is) {
      case 'phase': {
        const { phase, reason } = output;
        // First the machine, for which each moment counts; then whoever looks on.
        this.#setUp(phase === 'live');
        this.#listeners.tell('phase', reason ? { phase, reason } : { phase });
        break;
      }
      case 'welcome':
        if (!output.recovered) this.#onSnapshot(output.welcome);
        break;
      case 'entry':
        // Of the past the snapshot has told already.
        if (!output.past) this.#onEntry(output.entry);
        break;
      case 'reply':
        this.#onReply(output.message);
        break;
      case 'unanswered':
        break;
    }
  }

  #setUp(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    if (up) this.#events?.up();
    else this.#events?.down();
  }

  #onSnapshot({ snapshot }: Welcome): void {
    for (const tip of snapshot.tips) this.#onTip(tip, 'trace' in tip ? String(tip.trace) : undefined);
  }

  #onEntry(entry: LogEntry): void {
    if (entry.kind === 'tip') this.#onTip(entry, entry.trace);
    else if (entry.kind === 'progress' && hasBegun(entry.state)) this.#events?.begun(entry.tipId);
  }

  #onTip({ tipId, held, item, startBy, state }: TipEntry, trace: string | undefined): void {
    if (!held || item?.effect === undefined || startBy === undefined) return;
    const startByMs = Date.parse(startBy);
    this.#events?.effect({
      tipId,
      effect: item.effect,
      startByMs,
      ...(trace === undefined ? {} : { trace }),
      ...(hasBegun(state) ? { begun: true } : {}),
    });
  }

  #onReply(message: Reply): void {
    switch (message.t) {
      case 'permit': {
        const { n, forMs, serverMs } = message;
        this.#events?.permit({ n, forMs, serverMs });
        break;
      }
      case 'refused': {
        const { n, code, serverMs } = message;
        this.#events?.permit({ n, forMs: 0, serverMs, reason: code });
        break;
      }
      case 'settled':
        this.#events?.settled(message.tipId);
        break;
      case 'error': {
        const { re, code, retry, message: title } = message;
        const problem = new ProblemError({ code, retry, title });
        if (re !== undefined && !retry) this.#events?.rejected(re, code);
        this.#listeners.tell('problem', re === undefined ? { problem } : { problem, tipId: re });
        break;
      }
      default:
        break;
    }
  }
}

function hasBegun(state: ProgressState | undefined): boolean {
  return state === 'running' || state === 'paused';
}
