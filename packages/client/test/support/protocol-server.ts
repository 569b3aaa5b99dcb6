import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ClientMessage,
  type LogEntry,
  type LogPlace,
  type Role,
  type ServerMessage,
  type Snapshot,
  WS_SUBPROTOCOL,
} from '@nightjar/contracts/ws-protocol';
import { parseClientMessage } from '@nightjar/contracts/ws-schemas';
import { type WebSocket, WebSocketServer } from 'ws';

type Answer = (message: ClientMessage, say: (message: ServerMessage) => void, who: Who) => void;

/** A socket that was welcomed. */
export interface Who {
  readonly ref: string;
  readonly role: Role;
  readonly pseudonym?: string;
}

/**
 * A server that speaks the protocol file and nothing more, so that a test can have the network that it wants. A message
 * that the real server would refuse is a failure here.
 */
export class ProtocolServer implements AsyncDisposable {
  readonly url: string;
  readonly tickets: Record<string, unknown>[] = [];
  /** Of each ticket, in their order: whose it is, where a test's identity says so. */
  readonly #pseudonyms: string[] = [];
  readonly heard: ClientMessage[] = [];
  readonly log: LogEntry[] = [];
  snapshot: Snapshot = { tips: [] };
  epoch = 'e1';
  /** Entries of the past that somebody who comes in is shown. */
  history = 0;
  /** What a socket's message is answered with, besides hello and ping. */
  answer: Answer = () => {};
  /** A REST answer in place of the next ticket. */
  refuse: { status: number; code: string; retry: boolean } | undefined;
  readonly #http: Server;
  readonly #sockets = new Map<WebSocket, Who>();

  private constructor(http: Server) {
    this.#http = http;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const ws = new WebSocketServer({
      server: http,
      path: '/v1/socket',
      handleProtocols: () => WS_SUBPROTOCOL,
    });
    ws.on('connection', (socket) => this.#onSocket(socket));
    http.on('request', (request, response) => {
      let text = '';
      request.on('data', (part) => {
        text += part;
      });
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        const { refuse } = this;
        if (refuse) {
          response.statusCode = refuse.status;
          response.end(JSON.stringify({ ...refuse, title: 'refused by the test' }));
          return;
        }
        this.tickets.push(JSON.parse(text));
        this.#pseudonyms.push(/^Bearer (pn_\w+)$/.exec(request.headers.authorization ?? '')?.[1] ?? 'pn_1');
        const roomId = request.url?.split('/')[3];
        response.statusCode = 201;
        response.end(
          JSON.stringify({ ticket: `${this.tickets.length}`.padStart(43, 'A'), roomId, role: 'viewer' }),
        );
      });
    });
  }

  static async start(): Promise<ProtocolServer> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new ProtocolServer(http);
  }

  get sockets(): number {
    return this.#sockets.size;
  }

  append(entry: Record<string, unknown>): void {
    this.log.push({ at: '2026-01-01T00:00:00Z', ...entry } as LogEntry);
    this.say({ t: 'entry', offset: this.log.length, ...(this.log.at(-1) as LogEntry) });
  }

  say(message: ServerMessage): void {
    for (const socket of this.#sockets.keys()) socket.send(JSON.stringify(message));
  }

  /** Says it to those sockets only. */
  sayTo(whom: (who: Who) => boolean, message: ServerMessage): void {
    for (const [socket, who] of this.#sockets) if (whom(who)) socket.send(JSON.stringify(message));
  }

  /** The network goes, without a word. */
  cut(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  close(code: number): void {
    for (const socket of this.#sockets.keys()) socket.close(code);
  }

  #onSocket(socket: WebSocket): void {
    const say = (message: ServerMessage) => socket.send(JSON.stringify(message));
    socket.on('message', (data) => {
      const parsed = parseClientMessage(String(data));
      if (!parsed.ok) throw new Error(`the client sent ${data}: ${parsed.code}`);
      const { message } = parsed;
      this.heard.push(message);
      if (message.t === 'hello') this.#welcome(socket, message.resume, this.#whoHas(message.ticket));
      else if (message.t === 'ping') say({ t: 'pong', n: message.n, serverMs: Date.now() });
      else this.answer(message, say, this.#sockets.get(socket) ?? { ref: '', role: 'guest' });
    });
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #whoHas(ticket: string): Who {
    const number = Number(ticket.replace(/^A+/, ''));
    const role = this.tickets[number - 1]?.as as Role;
    const ref = `${number}`.padStart(16, 'r');
    return role === 'guest'
      ? { ref, role }
      : { ref, role, pseudonym: this.#pseudonyms[number - 1] ?? 'pn_1' };
  }

  #welcome(socket: WebSocket, resume: LogPlace | undefined, who: Who): void {
    const recovered = resume?.epoch === this.epoch && resume.offset <= this.log.length;
    const from = recovered ? resume.offset + 1 : Math.max(0, this.log.length - this.history) + 1;
    socket.send(
      JSON.stringify({
        ...{
          t: 'welcome',
          roomId: 'room_1',
          role: who.role,
          pseudonym: who.pseudonym,
          epoch: this.epoch,
          viewers: 1,
        },
        ...{ offset: this.log.length, from, recovered, snapshot: this.snapshot, serverMs: Date.now() },
      }),
    );
    this.#sockets.set(socket, who);
    this.log.slice(from - 1).forEach((entry, i) => {
      socket.send(JSON.stringify({ t: 'entry', offset: from + i, ...entry }));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

/** Waits for a condition. */
export async function until(what: string, condition: () => boolean, msMax = 10_000): Promise<void> {
  const end = performance.now() + msMax;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`it never came to be: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
