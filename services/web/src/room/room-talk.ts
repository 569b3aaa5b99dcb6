import type { ChatKeeper } from '@nightjar/client/chat-keeper';
import type { ChatKeys } from '@nightjar/client/chat-keys';
import type { ChatLine as ClientLine } from '@nightjar/client/chat-lines';
import type { KeeperPins } from '@nightjar/client/keeper-pins';
import { ProblemError } from '@nightjar/client/problem-error';
import { RoomChat, type ChatState as SealedState } from '@nightjar/client/room-chat';
import type { RoomConnection } from '@nightjar/client/room-connection';
import type { Sealed } from '@nightjar/contracts/ws-protocol';
import type { ChatState } from './chat-state.ts';
import { type ChatLine, type RoomLogView, withLine, withoutLine } from './room-log.ts';

export interface TalkParts {
  readonly connection: RoomConnection;
  readonly pins: KeeperPins;
  /** The broadcaster's own: the keys come from it. */
  readonly keeper?: ChatKeeper;
  /** Of the connection before: what a guest could read, the viewer that it becomes can read too. */
  readonly keys?: ChatKeys | undefined;
  /** Changes the log that the page shows. */
  readonly log: (change: (log: RoomLogView) => RoomLogView) => void;
  readonly state: (state: ChatState) => void;
}

/** The sealed chat of one connection, as lines and as one sentence on whether anything can be said. */
export class RoomTalk {
  readonly #parts: TalkParts;
  readonly #chat: RoomChat;
  #silencedUntilMs = 0;
  #silenceEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: TalkParts) {
    this.#parts = parts;
    const { connection, pins, keys, keeper } = parts;
    this.#chat = new RoomChat({
      connection,
      pins,
      ...(keys ? { keys } : {}),
      ...(keeper ? { keeper } : {}),
    });
    this.#chat.on('line', (line) => parts.log((log) => withChat(log, line)));
    this.#chat.on('note', ({ tipId, ...said }) => {
      if ('text' in said) parts.log((log) => withNote(log, tipId, said.text));
    });
    this.#chat.on('struck', ({ id }) => parts.log((log) => withoutLine(log, id)));
    this.#chat.on('state', () => this.#tell());
    this.#tell();
  }

  get keys(): ChatKeys {
    return this.#chat.keys;
  }

  /** Shows the line at once; whether it was taken is said in it. */
  async say(text: string, from: string): Promise<void> {
    const id = `msg_${crypto.randomUUID()}`;
    const line = { is: 'chat', id, from, text, atMs: Date.now(), mine: true } as const;
    this.#parts.log((log) => withLine(log, { ...line, state: 'sending' }));
    try {
      await this.#chat.say(text, id);
      this.#parts.log((log) => settleSent(log, line));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.code === 'silenced') this.silencedUntil(error.until);
      this.#parts.log((log) => withLine(log, { ...line, state: 'failed', why: error.title }));
    }
  }

  sealNote(tipId: string, text: string): Promise<Sealed> {
    return this.#chat.sealNote(text, tipId);
  }

  /** A person compared the keeper's code, and believes that it is a new one. */
  acceptKeeper(): void {
    this.#chat.acceptKeeper();
  }

  /** The broadcaster's word, as the room's log or a refusal tells it; undefined: nothing is in force. */
  silencedUntil(until: string | undefined): void {
    this.#silencedUntilMs = until === undefined ? 0 : Date.parse(until);
    clearTimeout(this.#silenceEnds);
    const leftMs = this.#silencedUntilMs - this.#parts.connection.serverNowMs;
    if (leftMs > 0) this.#silenceEnds = setTimeout(() => this.#tell(), leftMs);
    this.#tell();
  }

  close(): void {
    clearTimeout(this.#silenceEnds);
    this.#chat.close();
  }

  /** Whether anything can be said now. */
  get state(): ChatState {
    const untilMs = this.#silencedUntilMs;
    return untilMs > this.#parts.connection.serverNowMs
      ? { is: 'silenced', untilMs }
      : wordOf(this.#chat.state);
  }

  #tell(): void {
    this.#parts.state(this.state);
  }
}

function wordOf(state: SealedState): ChatState {
  switch (state.is) {
    case 'no_keeper':
    case 'waiting':
      return { is: 'waiting' };
    case 'keeper_changed':
      return { is: 'keeper-changed', publicKey: state.publicKey };
    case 'open':
      return { is: 'ready' };
  }
}

function withChat(log: RoomLogView, line: ClientLine): RoomLogView {
  // What cannot be read yet has no line; it comes when its key does. Lines from before somebody came stay closed to them.
  if (!('text' in line)) return log;
  const { id, from, mine, text } = line;
  return withLine(log, { is: 'chat', id, from, text, mine, atMs: Date.parse(line.at) });
}

function withNote(log: RoomLogView, tipId: string, note: string): RoomLogView {
  const tip = log.lines.find((line) => line.is === 'tip' && line.id === tipId);
  return tip?.is === 'tip' ? withLine(log, { ...tip, note }) : log;
}

/** The room's own word on it may have come first, with the server's time. */
function settleSent(log: RoomLogView, line: ChatLine): RoomLogView {
  const known = log.lines.find(({ id }) => id === line.id);
  return known?.is === 'chat' && known.state === undefined ? log : withLine(log, line);
}
