import { DeviceProblem } from '../device-problems.ts';
import { type ClientCommand, decode, type EngineMessage, encode, SYSTEM_ID } from './intiface-protocol.ts';

/** What the client needs of a WebSocket: the platform's own one has it, in pages, Workers and Node. */
export interface SocketLike {
  addEventListener(
    type: 'open' | 'close' | 'error' | 'message',
    listener: (event: { data?: unknown }) => void,
  ): void;
  send(text: string): void;
  close(): void;
}

export type ConnectSocket = (url: string) => SocketLike;

/** The platform's WebSocket. */
export const connectWebSocket: ConnectSocket = (url) => new WebSocket(url);

export interface ClientEvents {
  /** A message that answers nothing. */
  message(message: EngineMessage): void;
  /** Told once. */
  closed(): void;
}

interface Waiting {
  resolve(message: EngineMessage): void;
  reject(error: Error): void;
}

/** One connection to an engine: requests and their answers, by id. */
export class EngineClient {
  readonly #socket: SocketLike;
  readonly #events: ClientEvents;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = SYSTEM_ID;
  #closed = false;

  private constructor(socket: SocketLike, events: ClientEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', () => this.#close('the engine closed the connection'));
    socket.addEventListener('error', () => this.#close('the connection to the engine failed'));
  }

  /** Resolves when the socket is open; rejects when it does not come to that. An abort closes it at any time. */
  static connect(
    url: string,
    connect: ConnectSocket,
    signal: AbortSignal,
    events: ClientEvents,
  ): Promise<EngineClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(url);
      signal.addEventListener('abort', () => socket.close());
      socket.addEventListener('open', () => resolve(new EngineClient(socket, events)));
      socket.addEventListener('error', () =>
        reject(new DeviceProblem('engine_unreachable', 'the engine cannot be reached')),
      );
      socket.addEventListener('close', () =>
        reject(new DeviceProblem('engine_closed', 'the engine closed the connection')),
      );
    });
  }

  /** Sends one frame within this call. Resolves with all answers; rejects on the first error of the engine's. */
  request(...commands: readonly ClientCommand[]): Promise<EngineMessage[]> {
    return Promise.all(this.send(...commands));
  }

  /** Sends one frame within this call. @returns the answer to each command */
  send(...commands: readonly ClientCommand[]): Promise<EngineMessage>[] {
    if (this.#closed)
      return [Promise.reject(new DeviceProblem('engine_closed', 'the connection to the engine is closed'))];
    const numbered = commands.map((command) => {
      this.#lastId += 1;
      return { id: this.#lastId, command };
    });
    const answers = numbered.map(
      ({ id }) => new Promise<EngineMessage>((resolve, reject) => this.#waiting.set(id, { resolve, reject })),
    );
    this.#socket.send(encode(numbered));
    return answers;
  }

  close(): void {
    this.#close('closed');
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    try {
      for (const message of decode(String(data))) this.#answer(message);
    } catch {
      this.#close('the engine sent what is not of the protocol');
    }
  }

  #answer(message: EngineMessage): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) {
      this.#events.message(message);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.is === 'Error') waiting.reject(new Error(`the engine says: ${message.text}`));
    else waiting.resolve(message);
  }

  #close(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    try {
      this.#socket.close();
    } catch {
      // It is closed, then.
    }
    // First the news, so that what was outstanding counts as a lost link and not as a rejected write.
    this.#events.closed();
    for (const { reject } of waiting) reject(new DeviceProblem('engine_closed', why));
  }
}
