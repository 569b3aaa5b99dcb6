import type { ClientMessage, ServerMessage } from '@nightjar/contracts/ws-protocol';
import { ChatKeeper } from '../../src/chat-keeper.ts';
import { createHttpClient, type HttpRequest } from '../../src/http.ts';
import { Identity } from '../../src/identity.ts';
import { memoryPins } from '../../src/keeper-pins.ts';
import { type KeeperStore, memoryKeeperStore } from '../../src/keeper-store.ts';
import { type KeyStore, memoryKeys } from '../../src/key-store.ts';
import { type ChatState, RoomChat, type RoomChatParts } from '../../src/room-chat.ts';
import { RoomConnection } from '../../src/room-connection.ts';
import { ROOM } from './join.ts';
import { ProtocolServer, until, type Who } from './protocol-server.ts';

/** A room with sealed chat on a server that only passes on, and remembers all that it was given to carry. */
export class ChatRoom implements AsyncDisposable {
  readonly server: ProtocolServer;
  /** Every byte that the server saw, in JSON. */
  readonly carried: string[] = [];
  /** A server that lies may change what it passes on. */
  onAsk: (message: Extract<ServerMessage, { t: 'key-asked' }>, who: Who) => typeof message = (m) => m;
  /** So many statements are refused, as when the log is away. */
  refuseStatements = 0;
  readonly #stack = new DisposableStack();

  private constructor(server: ProtocolServer) {
    this.server = server;
    server.history = 50;
    server.answer = (message, say, who) => {
      this.carried.push(JSON.stringify(message));
      this.#carry(message, say, who);
    };
  }

  static async start(): Promise<ChatRoom> {
    return new ChatRoom(await ProtocolServer.start());
  }

  connect(as: 'guest' | 'viewer' | 'broadcaster', pseudonym = 'pn_1'): RoomConnection {
    return this.#stack.use(
      new RoomConnection({
        endpoints: { events: this.server.url },
        http: createHttpClient(),
        roomId: ROOM,
        as,
        ...(as === 'guest' ? {} : { identity: knownAs(pseudonym) }),
      }),
    );
  }

  enter(
    as: 'guest' | 'viewer',
    pseudonym?: string,
    parts: Pick<RoomChatParts, 'pins' | 'keys'> = { pins: memoryPins() },
  ) {
    const connection = this.connect(as, pseudonym);
    const chat = this.#stack.use(new RoomChat({ connection, ...parts }));
    return { connection, chat };
  }

  keep(kept: { keys?: KeyStore; store?: KeeperStore } = {}) {
    const connection = this.connect('broadcaster', 'pn_b');
    const { keys = memoryKeys(), store = memoryKeeperStore() } = kept;
    const keeper = this.#stack.use(new ChatKeeper({ connection, keys, store }));
    const chat = this.#stack.use(new RoomChat({ connection, keeper }));
    return { connection, keeper, chat };
  }

  #carry(message: ClientMessage, say: (message: ServerMessage) => void, who: Who): void {
    const { server } = this;
    const posted = (id: string): void => say({ t: 'posted', id, offset: server.log.length });
    switch (message.t) {
      case 'chat':
        server.append({ kind: 'chat', id: message.id, from: who.pseudonym, body: message.body });
        posted(message.id);
        break;
      case 'keeper': {
        if (this.refuseStatements > 0) {
          this.refuseStatements -= 1;
          say({
            t: 'error',
            re: message.id,
            code: 'unavailable',
            message: 'refused by the test',
            retry: true,
          });
          break;
        }
        const entry = { kind: 'keeper', statement: message.statement } as const;
        server.snapshot = { ...server.snapshot, keeper: entry };
        server.append(entry);
        posted(message.id);
        break;
      }
      case 'strike':
        server.append({ kind: 'struck', lineId: message.lineId });
        posted(message.id);
        break;
      case 'key-ask': {
        const { ref, pseudonym } = who;
        const asked = { t: 'key-asked', ref, request: message.request } as const;
        const passed = this.onAsk(pseudonym === undefined ? asked : { ...asked, from: pseudonym }, who);
        server.sayTo(({ role }) => role === 'broadcaster', passed);
        break;
      }
      case 'keys':
        for (const { to, key } of message.keys) server.sayTo(({ ref }) => ref === to, { t: 'key', key });
        break;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stack.dispose();
    await this.server[Symbol.asyncDispose]();
  }
}

/** Somebody whom auth knows by this pseudonym in the room. */
function knownAs(pseudonym: string): Identity {
  const http = async ({ path }: HttpRequest): Promise<unknown> =>
    path === '/v1/auth/challenges'
      ? { challenge: 'c' }
      : {
          accessToken: pseudonym,
          subject: pseudonym,
          expiresAt: new Date(Date.now() + 600_000).toISOString(),
        };
  return new Identity({ endpoints: { auth: 'http://x' }, http, keys: memoryKeys() });
}

export function untilState(chat: RoomChat, is: ChatState['is']): Promise<void> {
  return until(`the chat is ${is}`, () => chat.state.is === is);
}

export function texts(chat: RoomChat): string[] {
  return chat.lines.map((line) => ('text' in line ? line.text : `(${line.unreadable})`));
}
