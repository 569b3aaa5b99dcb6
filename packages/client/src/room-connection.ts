import type {
  ClientMessage,
  KeyFor,
  LogEntry,
  MenuItem,
  Role,
  Sealed,
  Snapshot,
  Welcome,
} from '@nightjar/contracts/ws-protocol';
import type { CloseReason } from './close-reason.ts';
import type { Endpoints } from './endpoints.ts';
import type { HttpClient } from './http.ts';
import type { Identity } from './identity.ts';
import { randomId } from './ids.ts';
import { TICKET_FRESH_MS } from './limits.ts';
import { Listeners } from './listeners.ts';
import { PLATFORM, type Platform } from './platform.ts';
import { localProblem, ProblemError } from './problem-error.ts';
import { newRoomView, type RoomView, viewAfterEntry, viewAfterWelcome } from './room-view.ts';
import { VIEWER_SESSION } from './session.ts';
import { type AppOutput, SessionDriver } from './session-driver.ts';
import type { Phase, Reply } from './session-types.ts';
import { getTicket } from './tickets.ts';

export interface JoinParts {
  readonly endpoints: Pick<Endpoints, 'events'>;
  readonly http: HttpClient;
  readonly roomId: string;
  /** A guest watches and needs nobody to be known; the others need an identity. */
  readonly as: Exclude<Role, 'bridge'>;
  readonly identity?: Identity;
  readonly platform?: Platform;
}

export interface RoomEvents {
  phase: { phase: Phase; reason?: CloseReason };
  /** The room as it is now. Not `recovered`: what came between is not told but in the snapshot; chat is lost. */
  welcome: { snapshot: Snapshot; recovered: boolean; welcome: Welcome };
  /** In the log's order, each once. `past`: the last snapshot has it in already. */
  entry: { entry: LogEntry; offset: number; past: boolean };
  presence: { viewers: number };
  /** To the broadcaster: somebody asks for the chat's key. `from` is missing for a guest. */
  keyAsked: { ref: string; from?: string; request: Sealed };
  /** The keeper's answer to us. */
  key: { key: Sealed };
  /** An error of the server that belongs to no message of ours. */
  problem: ProblemError;
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: ProblemError) => void;
}

/**
 * Being in a room. It connects by itself, comes back by itself for as long as that makes sense, and delivers the room's
 * log without gaps. Close it when you leave.
 */
export class RoomConnection implements Disposable {
  readonly roomId: string;
  readonly #parts: JoinParts;
  readonly #platform: Platform;
  readonly #listeners = new Listeners<RoomEvents>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #driver: SessionDriver;
  #view = newRoomView();
  #pseudonym: string | undefined;
  #serverAheadMs: number | undefined;
  #lastTicket: { ticket: string; mono: number } | undefined;

  /** @throws TypeError when somebody who is not a guest has no identity */
  constructor(parts: JoinParts) {
    if (parts.as !== 'guest' && !parts.identity)
      throw new TypeError(`to come in as ${parts.as} needs an identity`);
    this.#parts = parts;
    this.#platform = parts.platform ?? PLATFORM;
    this.roomId = parts.roomId;
    this.#driver = new SessionDriver({
      platform: this.#platform,
      events: parts.endpoints.events,
      options: VIEWER_SESSION,
      getTicket: async (signal) => {
        const { ticket } = await getTicket(parts, signal);
        this.#lastTicket = { ticket, mono: this.#platform.mono() };
        return ticket;
      },
      onOutput: (output) => this.#onOutput(output),
    });
    this.#driver.do({ is: 'start' });
  }

  get phase(): Phase {
    return this.#driver.state.phase;
  }

  /** Why it is not live: the last failure. */
  get reason(): CloseReason | undefined {
    return this.#driver.state.reason;
  }

  /** The room as this side knows it: show, menu, face, goal, viewers. */
  get view(): RoomView {
    return this.#view;
  }

  /** What others in this room know us by; undefined for a guest, and before the first welcome. */
  get pseudonym(): string | undefined {
    return this.#pseudonym;
  }

  /** The server's time as far as it is known, in ms since 1970. */
  get serverNowMs(): number {
    return this.#platform.now() + (this.#serverAheadMs ?? 0);
  }

  on<K extends keyof RoomEvents>(kind: K, listener: (event: RoomEvents[K]) => void): () => void {
    return this.#listeners.on(kind, listener);
  }

  /**
   * Resolves when the room is live.
   *
   * @throws ProblemError when it is closed, with the code of why; or the signal's reason
   */
  async live(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.phase === 'live') return;
    if (this.phase === 'closed') throw toProblem(this.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const off = this.on('phase', ({ phase, reason }) => {
      if (phase === 'live') resolve();
      if (phase === 'closed') reject(toProblem(reason));
    });
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
    } finally {
      off();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Says a line whose bytes only the room's people can read: RoomChat seals it. Kept and said again over a reconnect
   * until it is posted.
   *
   * @param id the one that it was sealed for, `msg_` and a UUID
   * @returns its place in the log
   * @throws ProblemError
   */
  chat(id: string, body: Sealed): Promise<number> {
    return this.#post(id, { t: 'chat', id, body });
  }

  /** Broadcaster: says who keeps the chat's keys. @returns its place in the log. @throws ProblemError */
  keeper(statement: Sealed): Promise<number> {
    const id = randomId('msg');
    return this.#post(id, { t: 'keeper', id, statement });
  }

  /** Broadcaster: takes a line out of everybody's log. @returns the place of the strike. @throws ProblemError */
  strike(lineId: string): Promise<number> {
    const id = randomId('msg');
    return this.#post(id, { t: 'strike', id, lineId });
  }

  /** Asks the keeper for the chat's key, now or never: nobody may be there. The answer is the event `key`. */
  askKey(request: Sealed): void {
    this.#driver.do({ is: 'tell', message: { t: 'key-ask', id: randomId('ask'), request } });
  }

  /** Broadcaster: answers asks, now or never. Whoever is gone is passed over. */
  giveKeys(keys: readonly KeyFor[]): void {
    this.#driver.do({ is: 'tell', message: { t: 'keys', id: randomId('keys'), keys } });
  }

  /**
   * Sends a message that the server answers, and again after a reconnect, until it does. For `tip` see send-tip.ts.
   *
   * @throws ProblemError
   */
  ask(id: string, message: ClientMessage): Promise<Reply> {
    if (this.#waiting.has(id)) throw new RangeError(`asked already: ${id}`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#driver.do({ is: 'ask', id, message });
    });
  }

  /** No answer is wanted any more. Whether the server does it is open. */
  forget(id: string): void {
    this.#driver.do({ is: 'forget', id });
    this.#take(id)?.reject(localProblem('no_answer'));
  }

  /** A ticket with its media half unused: the one that opened the socket, or a new one. Give it to Rooms.mediaGrant. */
  async mediaTicket(): Promise<string> {
    const last = this.#lastTicket;
    this.#lastTicket = undefined;
    if (last && this.#platform.mono() - last.mono < TICKET_FRESH_MS) return last.ticket;
    return (await getTicket(this.#parts)).ticket;
  }

  menuItem(itemId: string): MenuItem | undefined {
    return this.#view.menu?.items.find((item) => item.itemId === itemId);
  }

  /** Leaves. */
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
        this.#listeners.tell('phase', reason ? { phase, reason } : { phase });
        break;
      }
      case 'welcome':
        this.#onWelcome(output.welcome, output.recovered);
        break;
      case 'entry':
        // What the snapshot has in already would turn the view back.
        if (!output.past) this.#view = viewAfterEntry(this.#view, output.entry, this.#pseudonym);
        this.#listeners.tell('entry', output);
        break;
      case 'reply':
        this.#onReply(output.message);
        break;
      case 'unanswered':
        this.#take(output.id)?.reject(localProblem(output.code));
        break;
    }
  }

  #onWelcome(welcome: Welcome, recovered: boolean): void {
    this.#pseudonym = welcome.pseudonym;
    this.#serverAheadMs = welcome.serverMs - this.#platform.now();
    this.#view = viewAfterWelcome(this.#view, welcome, recovered);
    this.#listeners.tell('welcome', { snapshot: welcome.snapshot, recovered, welcome });
  }

  #onReply(message: Reply): void {
    if (message.t === 'presence') {
      this.#view = { ...this.#view, viewers: message.viewers };
      this.#listeners.tell('presence', { viewers: message.viewers });
    } else if (message.t === 'error') {
      const { code, retry, until } = message;
      const title = message.message;
      const problem = new ProblemError({ code, retry, title, ...(until === undefined ? {} : { until }) });
      const waiting = message.re === undefined ? undefined : this.#take(message.re);
      if (waiting) waiting.reject(problem);
      else this.#listeners.tell('problem', problem);
    } else if (message.t === 'posted') {
      this.#take(message.id)?.resolve(message);
    } else if (message.t === 'receipt') {
      this.#take(message.tipId)?.resolve(message);
    } else if (message.t === 'key') {
      this.#listeners.tell('key', { key: message.key });
    } else if (message.t === 'key-asked') {
      const { ref, from, request } = message;
      this.#listeners.tell('keyAsked', { ref, request, ...(from === undefined ? {} : { from }) });
    }
  }

  async #post(id: string, message: ClientMessage): Promise<number> {
    const reply = await this.ask(id, message);
    if (reply.t !== 'posted') throw localProblem('not_understood');
    return reply.offset;
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

function toProblem(reason: CloseReason | undefined): ProblemError {
  if (!reason) return localProblem('closed');
  return new ProblemError({ code: reason.code, title: reason.why, retry: reason.retry });
}
