import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { WS_SUBPROTOCOL } from '@nightjar/contracts/ws-protocol';
import type { CloseReason } from './close-reason.ts';
import { toSocketUrl } from './endpoints.ts';
import { SOCKET_BUFFER_BYTES_MAX } from './limits.ts';
import type { Platform } from './platform.ts';
import { ProblemError } from './problem-error.ts';
import { parseServerMessage } from './server-message.ts';
import { newSession, step, wakeMs } from './session.ts';
import type { SessionInput, SessionOptions, SessionOutput, SessionState } from './session-types.ts';

export interface DriverParts {
  readonly platform: Platform;
  /** The events service's base URL. */
  readonly events: string;
  readonly options: SessionOptions;
  readonly getTicket: (signal: AbortSignal) => Promise<string>;
  /** What is not for the driver itself. Told within the step, in order. */
  readonly onOutput: (output: AppOutput) => void;
}

/** What the application hears of. */
export type AppOutput = Extract<
  SessionOutput,
  { is: 'phase' | 'welcome' | 'entry' | 'reply' | 'unanswered' }
>;

const SOCKET_PATH = '/v1/socket';
/** Of a program that leaves. */
const NORMAL_CLOSE = 1000;

/** Gives the pure session its sockets, tickets and timers. Decides nothing. */
export class SessionDriver {
  readonly #parts: DriverParts;
  readonly #sockets = new Map<number, WebSocket>();
  readonly #leaving = new AbortController();
  #state: SessionState;
  #inputs: SessionInput[] = [];
  #stepping = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wakeMono: number | undefined;

  constructor(parts: DriverParts) {
    this.#parts = parts;
    this.#state = newSession(parts.options);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** One input after the other: what an output brings about is done after its own step. */
  do(input: SessionInput): void {
    this.#inputs.push(input);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const { mono, random } = this.#parts.platform;
        const { state, outputs } = step(this.#state, next, { nowMs: mono(), random: random() });
        this.#state = state;
        for (const output of outputs) this.#perform(output);
      }
    } finally {
      this.#stepping = false;
    }
    if (this.#state.phase === 'closed') this.#leaving.abort();
    this.#wakeLater();
  }

  #perform(output: SessionOutput): void {
    switch (output.is) {
      case 'get_ticket':
        void this.#getTicket(output.link);
        break;
      case 'connect':
        this.#connect(output.link);
        break;
      case 'write':
        this.#write(output.link, output.message);
        break;
      case 'drop':
        this.#drop(output.link);
        break;
      default:
        this.#parts.onOutput(output);
    }
  }

  async #getTicket(link: number): Promise<void> {
    try {
      const ticket = await this.#parts.getTicket(this.#leaving.signal);
      this.do({ is: 'ticket', link, ticket });
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.do({ is: 'ticket_failed', link, ...ticketFault(error) });
    }
  }

  #connect(link: number): void {
    const { platform, events } = this.#parts;
    const socket = new platform.WebSocket(`${toSocketUrl(events)}${SOCKET_PATH}`, [WS_SUBPROTOCOL]);
    this.#sockets.set(link, socket);
    // What comes from a socket that was dropped is for nobody.
    const mine = (): boolean => this.#sockets.get(link) === socket;
    socket.addEventListener('open', () => {
      if (mine()) this.do({ is: 'opened', link });
    });
    socket.addEventListener('message', (event) => {
      if (!mine()) return;
      const message = parseServerMessage(event.data);
      if (message === 'unknown') return;
      this.do(message === 'bad' ? { is: 'bad_frame', link } : { is: 'message', link, message });
    });
    socket.addEventListener('close', ({ code }) => {
      if (!mine()) return;
      this.#sockets.delete(link);
      this.do({ is: 'ended', link, code });
    });
    // An error is always followed by close; what it says is not told to programs.
    socket.addEventListener('error', () => {});
  }

  #write(link: number, message: ClientMessage): void {
    const socket = this.#sockets.get(link);
    if (socket?.readyState !== 1) return; // closing: its end is about to be told
    socket.send(JSON.stringify(message));
    if (socket.bufferedAmount > SOCKET_BUFFER_BYTES_MAX) this.do({ is: 'stuck', link });
  }

  #drop(link: number): void {
    const socket = this.#sockets.get(link);
    this.#sockets.delete(link);
    socket?.close(NORMAL_CLOSE);
  }

  #wakeLater(): void {
    const dueMono = wakeMs(this.#state);
    if (dueMono === this.#wakeMono) return;
    clearTimeout(this.#timer);
    this.#wakeMono = dueMono;
    if (dueMono === undefined) return;
    // Platforms round down; a tick before its time would only be repeated.
    const inMs = Math.max(0, Math.ceil(dueMono - this.#parts.platform.mono()));
    this.#timer = setTimeout(() => {
      this.#wakeMono = undefined;
      this.do({ is: 'tick' });
    }, inMs);
  }
}

/** Whatever kept us from a ticket ends in a reason: a page must not wait for ever for keys that cannot be read. */
function ticketFault(error: unknown): { reason: CloseReason; waitMs?: number } {
  if (!(error instanceof ProblemError))
    return { reason: { code: 'internal', why: String(error), retry: false } };
  const { code, title, retry, retryAfterMs } = error;
  return {
    reason: { code, why: title, retry },
    ...(retryAfterMs === undefined ? {} : { waitMs: retryAfterMs }),
  };
}
