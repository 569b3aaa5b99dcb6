import type { ChatEntry, LogEntry, Sealed, TipEntry } from '@nightjar/contracts/ws-protocol';
import { sameKey } from '@nightjar/sealed/chat-keeper-statement';
import { openLine, sealLine } from '@nightjar/sealed/chat-line';
import { toChatText } from '@nightjar/sealed/chat-text';
import { SealedError } from '@nightjar/sealed/sealed-error';
import type { ChatKeeper } from './chat-keeper.ts';
import { ChatKeys } from './chat-keys.ts';
import { type ChatLine, type ChatText, linesAfter, linesWithout } from './chat-lines.ts';
import { randomId } from './ids.ts';
import { type KeeperPins, memoryPins } from './keeper-pins.ts';
import { KeeperTrust } from './keeper-trust.ts';
import { type KeyWant, keyAskDelayMs } from './key-asking.ts';
import { LINES_WAITING_MAX, SAY_WAIT_MS } from './limits.ts';
import { Listeners } from './listeners.ts';
import { PLATFORM, type Platform } from './platform.ts';
import { localProblem } from './problem-error.ts';
import type { RoomConnection } from './room-connection.ts';

export interface RoomChatParts {
  readonly connection: RoomConnection;
  /** Whom this device believed to keep the keys before. Without it everybody is believed at first sight. */
  readonly pins?: KeeperPins;
  /** Of this page's stay so far, when a guest comes in as a viewer: what could be read stays readable. */
  readonly keys?: ChatKeys;
  /** The broadcaster's own: keys come from it, and no other keeper is believed. */
  readonly keeper?: ChatKeeper;
  readonly platform?: Platform;
}

export type ChatState =
  /** Nobody keeps this chat's keys, so nothing can be said. */
  | { readonly is: 'no_keeper' }
  /**
   * The keys are kept by another key than this device has known, or an old statement is shown again. Nothing is opened
   * or said until a person has looked: `acceptKeeper`. Codes are for comparing with the broadcaster by another way.
   */
  | {
      readonly is: 'keeper_changed';
      readonly why: 'other_key' | 'old';
      /** Ed25519, 32 raw bytes; see `keeperCode`. */
      readonly publicKey: Uint8Array;
    }
  /** The key was asked for, or is about to be. */
  | { readonly is: 'waiting' }
  /** Lines can be read. `speak`: and said; a guest only reads. */
  | { readonly is: 'open'; readonly speak: boolean };

/** A tip's note, told beside the tip's own entry. */
export type ChatNote = ChatText & { readonly tipId: string };

export interface ChatEvents {
  line: ChatLine;
  note: ChatNote;
  /** A line was taken away. */
  struck: { readonly id: string };
  state: ChatState;
}

/** A sealed thing of the log, on its way to being read. */
type Item =
  | { readonly kind: 'line'; readonly entry: ChatEntry & { readonly at: string }; readonly past: boolean }
  | {
      readonly kind: 'note';
      readonly entry: TipEntry & { readonly note: Sealed };
      /** A snapshot's tips have none. */
      readonly at?: string;
      readonly past: boolean;
    };

/**
 * A room's sealed chat: asks the keeper for the key, opens lines in the log's order, and seals what is said. Make it
 * right after its connection, so that it hears all of it. It needs no call to work; `close` ends it.
 */
export class RoomChat implements Disposable {
  readonly keys: ChatKeys;
  readonly #connection: RoomConnection;
  readonly #trust: KeeperTrust;
  readonly #keeper: ChatKeeper | undefined;
  readonly #platform: Platform;
  readonly #listeners = new Listeners<ChatEvents>();
  readonly #off: (() => void)[] = [];
  readonly #waiting = new Map<string, Item>();
  #work: Promise<void> = Promise.resolve();
  #lines: readonly ChatLine[] = [];
  #state: ChatState = { is: 'no_keeper' };
  #asked = 0;
  /** Whether the keeper has given us a key on this socket, and so knows where to send the next. */
  #known = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor({ connection, pins, keys, keeper, platform }: RoomChatParts) {
    this.#connection = connection;
    const { roomId } = connection;
    this.#trust = new KeeperTrust({ roomId, pins: pins ?? memoryPins(), keeper });
    this.keys = keys ?? new ChatKeys();
    this.#keeper = keeper;
    this.#platform = platform ?? PLATFORM;
    this.#off.push(
      connection.on('welcome', ({ snapshot, recovered }) => {
        if (recovered) return;
        const { keeper: statement, tips } = snapshot;
        // Without one the log began anew, and the keeper has not spoken since: what was in force stays so.
        if (statement) this.#do(() => this.#onStatement(statement.statement, 'came'));
        for (const tip of tips) this.#onTip(tip, true);
      }),
      connection.on('entry', ({ entry, past }) => this.#onEntry(entry, past)),
      connection.on('key', ({ key }) => this.#do(() => this.#onKey(key))),
      connection.on('phase', ({ phase }) => {
        if (phase === 'live') this.#do(() => this.#askAnew());
        if (phase !== 'live') this.#known = false;
      }),
    );
    if (keeper) this.#off.push(keeper.on('keys', () => this.#do(() => this.#takeOwn())));
    const { keeper: statement } = connection.view;
    if (statement) this.#do(() => this.#onStatement(statement.statement, 'came'));
  }

  get state(): ChatState {
    return this.#state;
  }

  /** The latest lines in the log's order; a new list whenever something changed. */
  get lines(): readonly ChatLine[] {
    return this.#lines;
  }

  /** Ed25519, 32 raw bytes: of the keeper that is believed; see `keeperCode`. */
  get keeperKey(): Uint8Array | undefined {
    return this.#trust.inForce?.statement.publicKey;
  }

  on<K extends keyof ChatEvents>(kind: K, listener: (event: ChatEvents[K]) => void): () => void {
    return this.#listeners.on(kind, listener);
  }

  /**
   * Says a line; waits for the key for a moment where it has not come yet.
   *
   * @param id of one's own choosing (`msg_` and a v4 UUID), for a page that shows the line before it is posted
   * @returns its place in the log
   * @throws ProblemError `line_unfit`, `no_keeper`, `no_chat_key`, `keeper_changed`, and what the server says, such as
   * `silenced`
   */
  async say(typed: string, id: string = randomId('msg')): Promise<{ id: string; offset: number }> {
    const body = await this.#seal(typed, 'line', id);
    return { id, offset: await this.#connection.chat(id, body) };
  }

  /**
   * Seals a tip's note to the room, for `sendTip` with the same `tipId`.
   *
   * @throws ProblemError as `say`
   */
  sealNote(typed: string, tipId: string): Promise<Sealed> {
    return this.#seal(typed, 'note', tipId);
  }

  /** A person looked at the change and believes the new keeper: see ChatState `keeper_changed`. */
  acceptKeeper(): void {
    this.#do(async () => {
      const former = this.keeperKey;
      if (await this.#trust.accept(this.#connection.serverNowMs)) await this.#onBelieved(former);
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const off of this.#off) off();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** One thing after the other, so that lines come in the log's order though opening them takes time. */
  #do(work: () => Promise<void> | void): void {
    this.#work = this.#work.then(async () => {
      if (!this.#closed) await work();
    });
    // A fault of ours shows as one, and does not end the chat.
    this.#work = this.#work.catch((error) => {
      queueMicrotask(() => {
        throw error;
      });
    });
  }

  #onEntry(entry: LogEntry, past: boolean): void {
    switch (entry.kind) {
      case 'chat':
        this.#do(() => this.#read({ kind: 'line', entry, past }));
        break;
      case 'tip':
        this.#onTip(entry, past, entry.at);
        break;
      case 'struck':
        this.#do(() => this.#onStruck(entry.lineId));
        break;
      case 'keeper':
        // Of the past the snapshot has told the last one.
        if (!past) this.#do(() => this.#onStatement(entry.statement, 'began', entry.at));
        break;
      default:
        break;
    }
  }

  #onTip(tip: TipEntry, past: boolean, at?: string): void {
    const { note } = tip;
    if (!note) return;
    const entry = { ...tip, note };
    this.#do(() => this.#read({ kind: 'note', entry, past, ...(at === undefined ? {} : { at }) }));
  }

  async #onStatement(payload: Sealed, want: KeyWant, at?: string): Promise<void> {
    const former = this.keeperKey;
    // Whoever the keeper knows on this socket gets the next key by itself.
    const why = want === 'began' && this.keys.isMember && this.#known ? 'rotated' : want;
    const atMs = at === undefined ? this.#connection.serverNowMs : Date.parse(at);
    const heard = await this.#trust.hear(payload, why, atMs);
    if (heard === 'believed') await this.#onBelieved(former);
    else if (heard === 'offered') this.#setState();
  }

  async #onBelieved(former: Uint8Array | undefined): Promise<void> {
    const { keeperKey } = this;
    if (former && keeperKey && !sameKey(former, keeperKey)) this.keys.forgetKeeper();
    this.#asked = 0;
    if (this.#keeper) await this.#takeOwn();
    this.#setState();
    this.#askLater();
    await this.#readWaiting();
  }

  async #takeOwn(): Promise<void> {
    const { pseudonym } = this.#connection;
    if (!this.#keeper) return;
    const { keys, publicKey, certificate } = await this.#keeper.own(await this.keys.signingKey(), pseudonym);
    for (const raw of keys) await this.keys.hold(raw, publicKey);
    if (pseudonym !== undefined && certificate) this.keys.certify(pseudonym, certificate);
    this.#setState();
    await this.#readWaiting();
  }

  async #onKey(payload: Sealed): Promise<void> {
    const { statement } = this.#trust.inForce ?? {};
    if (!statement) return;
    const { pseudonym, roomId } = this.#connection;
    try {
      await this.keys.take(payload, { roomId, keeperKey: statement.publicKey }, pseudonym);
    } catch (error) {
      if (error instanceof SealedError) return; // not for us, or not from the keeper: the ask goes on
      throw error;
    }
    this.#known = true;
    this.#setState();
    this.#askLater();
    await this.#readWaiting();
  }

  #onStruck(id: string): void {
    this.#waiting.delete(id);
    this.#lines = linesWithout(this.#lines, id);
    this.#listeners.tell('struck', { id });
  }

  async #read(item: Item): Promise<void> {
    const id = idOf(item);
    // What was read once stays as it was: whatever comes again under its id is a server's doing.
    if (item.kind === 'line' && this.#lines.some((line) => line.id === id && 'text' in line)) return;
    const { keyId } = sealedOf(item);
    const unknown = !this.keys.held(keyId) || this.#state.is === 'keeper_changed';
    if (unknown) {
      this.#waiting.set(id, item);
      const [oldest] = this.#waiting.keys();
      if (this.#waiting.size > LINES_WAITING_MAX && oldest !== undefined) this.#waiting.delete(oldest);
      const { statement } = this.#trust.inForce ?? {};
      const isOlder = statement !== undefined && statement.keyId !== keyId && item.past;
      this.#tell(item, { unreadable: isOlder ? 'older' : 'no_key' });
      return;
    }
    this.#waiting.delete(id);
    this.#tell(item, await this.#open(item));
  }

  async #open(item: Item): Promise<ChatText> {
    const sealed = sealedOf(item);
    const held = this.keys.held(sealed.keyId);
    if (!held || this.#isTooLate(item)) return { unreadable: 'forged' };
    const place = {
      roomId: this.#connection.roomId,
      id: idOf(item),
      from: item.entry.from,
      kind: item.kind,
    };
    try {
      return { text: (await openLine(sealed, place, held.roomKey, held.checkMember)).text };
    } catch (error) {
      if (error instanceof SealedError) return { unreadable: 'forged' };
      throw error;
    }
  }

  #isTooLate(item: Item): boolean {
    const at = item.kind === 'line' ? item.entry.at : item.at;
    return !item.past && at !== undefined && this.#trust.isTooLate(sealedOf(item).keyId, Date.parse(at));
  }

  #tell(item: Item, text: ChatText): void {
    if (item.kind === 'note') {
      this.#listeners.tell('note', { tipId: item.entry.tipId, ...text });
      return;
    }
    const { id, from, at } = item.entry;
    const mine = from === this.#connection.pseudonym;
    const line: ChatLine = { id, from, at, mine, past: item.past, ...text };
    this.#lines = linesAfter(this.#lines, line);
    this.#listeners.tell('line', line);
  }

  async #readWaiting(): Promise<void> {
    if (this.#state.is === 'keeper_changed') return;
    for (const item of [...this.#waiting.values()]) {
      if (this.keys.held(sealedOf(item).keyId)) await this.#read(item);
    }
  }

  #setState(): void {
    const state = this.#stateNow();
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#listeners.tell('state', state);
  }

  #stateNow(): ChatState {
    const { offered, inForce } = this.#trust;
    if (offered) return { is: 'keeper_changed', why: offered.why, publicKey: offered.statement.publicKey };
    const { statement } = inForce ?? {};
    if (!statement) return { is: 'no_keeper' };
    if (!this.keys.held(statement.keyId)) return { is: 'waiting' };
    return { is: 'open', speak: this.keys.maySpeakAs(this.#connection.pseudonym) };
  }

  /** Nobody asks for what it has: reading needs the key in force, speaking a certificate too. */
  #wants(): boolean {
    const { statement } = this.#trust.inForce ?? {};
    if (!statement || this.#trust.offered || this.#keeper) return false;
    const { pseudonym } = this.#connection;
    if (!this.keys.held(statement.keyId)) return true;
    return pseudonym !== undefined && !this.keys.maySpeakAs(pseudonym);
  }

  #askAnew(): void {
    // An answer to the socket before is lost.
    this.#asked = 0;
    this.#setState();
    this.#askLater();
  }

  #askLater(): void {
    clearTimeout(this.#timer);
    const { want } = this.#trust.inForce ?? {};
    if (!want || !this.#wants()) return;
    const delayMs = keyAskDelayMs(want, this.#asked, this.#platform.random());
    this.#timer = setTimeout(() => this.#do(() => this.#ask()), delayMs);
  }

  async #ask(): Promise<void> {
    const { statement } = this.#trust.inForce ?? {};
    // While the socket is away nothing would be sent; `phase` brings it here again.
    if (!statement || !this.#wants() || this.#connection.phase !== 'live') return;
    const place = { roomId: this.#connection.roomId, keeperKey: statement.publicKey };
    this.#connection.askKey(await this.keys.makeAsk(place, statement.keyId));
    this.#asked += 1;
    this.#askLater();
  }

  async #seal(typed: string, kind: 'line' | 'note', id: string): Promise<Sealed> {
    const text = toChatText(typed);
    if (text === undefined) throw localProblem('line_unfit');
    await this.#whenSpeaking();
    const { pseudonym, roomId } = this.#connection;
    const { statement } = this.#trust.inForce ?? {};
    const held = statement && this.keys.held(statement.keyId);
    const speaker = await this.keys.speaker(pseudonym);
    if (!held || !speaker || pseudonym === undefined) throw localProblem('no_chat_key');
    return sealLine(text, { roomId, id, from: pseudonym, kind }, speaker, held.roomKey);
  }

  async #whenSpeaking(): Promise<void> {
    const isReady = (state: ChatState): boolean => {
      if (state.is === 'keeper_changed') throw localProblem('keeper_changed');
      return state.is === 'open' && state.speak;
    };
    if (isReady(this.#state)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const off = this.on('state', (state) => {
      try {
        if (isReady(state)) resolve();
      } catch (error) {
        reject(error);
      }
    });
    const timer = setTimeout(() => {
      reject(localProblem(this.#state.is === 'no_keeper' ? 'no_keeper' : 'no_chat_key'));
    }, SAY_WAIT_MS);
    try {
      await promise;
    } finally {
      off();
      clearTimeout(timer);
    }
  }
}

function idOf(item: Item): string {
  return item.kind === 'line' ? item.entry.id : item.entry.tipId;
}

function sealedOf(item: Item): Sealed {
  return item.kind === 'line' ? item.entry.body : item.entry.note;
}
