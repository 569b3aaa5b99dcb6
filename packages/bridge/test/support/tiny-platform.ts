/** As much of the platform as the command line needs: sign-in, tickets and a room's socket, all in one small server. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Effect } from '@nightjar/contracts/effect';
import {
  type ClientMessage,
  type ServerMessage,
  type TipEntry,
  WS_SUBPROTOCOL,
} from '@nightjar/contracts/ws-protocol';
import { type WebSocket, WebSocketServer } from 'ws';

export const ROOM = 'room_00000000-0000-7000-8000-000000000000';

export class TinyPlatform implements AsyncDisposable {
  readonly url: string;
  readonly heard: ClientMessage[] = [];
  /** Held tips: what somebody who comes in is shown. */
  readonly tips: TipEntry[] = [];
  settles = true;
  readonly #http: Server;
  readonly #sockets = new Set<WebSocket>();
  #offset = 0;

  private constructor(http: Server) {
    this.#http = http;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    http.on('request', (request, response) => {
      const path = request.url ?? '';
      const answer = path.endsWith('/challenges')
        ? { challenge: 'c' }
        : path.endsWith('/access-tokens')
          ? { accessToken: 'a', subject: 's', expiresAt: new Date(Date.now() + 600_000).toISOString() }
          : { ticket: 'A'.repeat(43), roomId: ROOM, role: 'bridge' };
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answer));
      });
    });
    const sockets = new WebSocketServer({ server: http, handleProtocols: () => WS_SUBPROTOCOL });
    sockets.on('connection', (socket) => this.#onSocket(socket));
  }

  static async start(): Promise<TinyPlatform> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new TinyPlatform(http);
  }

  get endpoints(): Record<string, string> {
    const names = ['auth', 'rooms', 'payments', 'events', 'geofence'];
    return Object.fromEntries(names.map((name) => [name, this.url]));
  }

  tip(tipId: string, durationMs: number): void {
    const effect: Effect = { output: 'vibrate', durationMs, points: [{ atMs: 0, level: 1_000 }] };
    const startBy = new Date(Date.now() + 60_000).toISOString();
    const item = { itemId: 'buzz', name: 'Buzz', effect };
    const entry: TipEntry = { kind: 'tip', tipId, from: 'pn_1', amount: '5', item, held: true, startBy };
    this.tips.push(entry);
    this.#offset += 1;
    for (const socket of this.#sockets) {
      say(socket, { t: 'entry', offset: this.#offset, at: new Date().toISOString(), ...entry });
    }
  }

  outcomesOf(tipId: string): string[] {
    return this.heard.flatMap((message) =>
      message.t === 'outcome' && message.tipId === tipId
        ? [Buffer.from(message.outcome.body, 'base64url').toString()]
        : [],
    );
  }

  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #onSocket(socket: WebSocket): void {
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as ClientMessage;
      this.heard.push(message);
      const serverMs = Date.now();
      if (message.t === 'hello') this.#welcome(socket);
      else if (message.t === 'ping') say(socket, { t: 'pong', n: message.n, serverMs });
      else if (message.t === 'seat') say(socket, { t: 'seat', held: true });
      else if (message.t === 'permit') say(socket, { t: 'permit', n: message.n, forMs: 600, serverMs });
      else if (message.t === 'outcome' && this.settles) say(socket, { t: 'settled', tipId: message.tipId });
    });
  }

  #welcome(socket: WebSocket): void {
    const snapshot = { tips: this.tips };
    const place = { epoch: 'e1', offset: this.#offset, from: this.#offset + 1, recovered: false };
    say(socket, {
      t: 'welcome',
      roomId: ROOM,
      role: 'bridge',
      ...place,
      snapshot,
      viewers: 1,
      serverMs: Date.now(),
    });
    this.#sockets.add(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

function say(socket: WebSocket, message: ServerMessage): void {
  socket.send(JSON.stringify(message));
}
