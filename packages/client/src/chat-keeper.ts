import type { LogEntry, Sealed } from '@nightjar/contracts/ws-protocol';
import { fromBase64Url, toBase64Url } from '@nightjar/sealed/base64url';
import { type KeeperStatement, readStatement, signStatement } from '@nightjar/sealed/chat-keeper-statement';
import { certify } from '@nightjar/sealed/chat-member';
import { randomKey, roomKeyId } from '@nightjar/sealed/chat-room-key';
import type { SigningKeyPair } from '@nightjar/sealed/keys';
import { SealedError } from '@nightjar/sealed/sealed-error';
import { type KeeperPin, toPin } from './keeper-pins.ts';
import { keeperKeyName, withExcluded, withNewKey, withoutExcluded } from './keeper-state.ts';
import type { KeeperState, KeeperStore } from './keeper-store.ts';
import { KeyGiver } from './key-giver.ts';
import type { KeyStore } from './key-store.ts';
import { STATEMENT_RETRY_MS } from './limits.ts';
import { Listeners } from './listeners.ts';
import { ProblemError } from './problem-error.ts';
import type { RoomConnection } from './room-connection.ts';

export interface ChatKeeperParts {
  /** As broadcaster. */
  readonly connection: RoomConnection;
  /** Keeps the keeper's signing key: viewers pin it, so losing it tells each of them that the keeper changed. */
  readonly keys: KeyStore;
  readonly store: KeeperStore;
}

/**
 * `starting`: nothing was stated yet. `keeping`. `replaced`: the broadcaster's other device keeps the keys now, with a
 * key of its own; `takeBack` makes it this one again.
 */
export type KeeperPhase = 'starting' | 'keeping' | 'replaced';

export interface KeeperEvents {
  phase: KeeperPhase;
  /** The keys that this keeper has have changed. */
  keys: { readonly keyId: string };
  /** Something of ours was refused; it is tried again at the next change. */
  problem: ProblemError;
}

/**
 * Keeps a room's chat keys: the broadcaster's program. It makes the room key, states which is in force, hands it to
 * newcomers, makes a new one for each show, and after somebody is removed or banned for those who stay. It follows
 * the room's log by itself; the server carries it all and can read none of it.
 */
export class ChatKeeper implements Disposable {
  readonly #connection: RoomConnection;
  readonly #store: KeeperStore;
  readonly #signing: Promise<SigningKeyPair>;
  readonly #listeners = new Listeners<KeeperEvents>();
  readonly #off: (() => void)[] = [];
  readonly #giver: KeyGiver;
  /** A key is new, and its statement not in the log yet. */
  #isOwing = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<void>;
  #state: KeeperState | undefined;
  #phase: KeeperPhase = 'starting';
  /** Of the last statement that was seen in the log. */
  #seen: KeeperStatement | undefined;
  #closed = false;

  constructor({ connection, keys, store }: ChatKeeperParts) {
    this.#connection = connection;
    this.#store = store;
    this.#signing = keys.key(keeperKeyName(connection.roomId));
    this.#giver = new KeyGiver({
      connection,
      signing: this.#signing,
      state: () => this.#state,
      onFault: (error) => this.#onFault(error),
    });
    this.#work = this.#load();
    this.#off.push(
      connection.on('welcome', ({ recovered, snapshot }) => {
        if (!recovered) this.#do(() => this.#onWelcome(snapshot.keeper?.statement)).catch(() => {});
      }),
      connection.on('entry', ({ entry, past }) => this.#onEntry(entry, past)),
      connection.on('keyAsked', (asked) => {
        // In its turn, so that it is answered with the key of after a change that is under way.
        if (this.#phase !== 'replaced') this.#do(() => this.#giver.ask(asked)).catch(() => {});
      }),
      connection.on('phase', ({ phase }) => {
        if (phase === 'live') this.#do(() => this.#begin()).catch(() => {});
      }),
    );
    if (connection.phase === 'live')
      this.#do(() => this.#onWelcome(connection.view.keeper?.statement)).catch(() => {});
  }

  get phase(): KeeperPhase {
    return this.#phase;
  }

  /** How many have been given a key on this run. Some of them may have left. */
  get members(): number {
    return this.#giver.members;
  }

  on<K extends keyof KeeperEvents>(kind: K, listener: (event: KeeperEvents[K]) => void): () => void {
    return this.#listeners.on(kind, listener);
  }

  /** Ed25519, 32 raw bytes: what viewers pin; see `keeperCode`. */
  async publicKey(): Promise<Uint8Array> {
    return (await this.#signing).publicKey;
  }

  /** What the broadcaster's own chat believes. */
  async pin(): Promise<KeeperPin | undefined> {
    const { publicKey } = await this.#signing;
    const state = this.#state;
    const key = state?.keys.at(-1);
    if (!state || key === undefined) return undefined;
    return toPin({ publicKey, number: state.number, keyId: await roomKeyId(fromBase64Url(key)) });
  }

  /** For the broadcaster's own chat: the room keys, and a certificate for its signing key. */
  async own(
    signingKey: Uint8Array,
    pseudonym: string | undefined,
  ): Promise<{ keys: Uint8Array[]; publicKey: Uint8Array; certificate?: Uint8Array }> {
    const { privateKey, publicKey } = await this.#signing;
    const keys = (this.#state?.keys ?? []).map(fromBase64Url);
    if (pseudonym === undefined) return { keys, publicKey };
    const { roomId } = this.#connection;
    return { keys, publicKey, certificate: await certify({ roomId, pseudonym, signingKey }, privateKey) };
  }

  /**
   * Shuts somebody out of what is said from now on: those who stay get a new key. Removals and bans in the room's log do
   * it by themselves.
   */
  exclude(pseudonym: string): Promise<void> {
    return this.#do(async () => {
      if (this.#state?.excluded.includes(pseudonym)) return;
      this.#giver.forget(pseudonym);
      await this.#rotate((state) => withExcluded(state, pseudonym));
    });
  }

  /** They may have the key again, when they ask. */
  include(pseudonym: string): Promise<void> {
    return this.#do(async () => {
      if (this.#state) await this.#keep(withoutExcluded(this.#state, pseudonym));
    });
  }

  /** A new key for all who are there. */
  rotate(): Promise<void> {
    return this.#do(() => this.#rotate());
  }

  /** Another device of the broadcaster keeps the keys: this one does again from now on. Viewers are told of the change. */
  takeBack(): Promise<void> {
    return this.#do(async () => {
      this.#setPhase('starting');
      await this.#rotate();
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#giver.close();
    for (const off of this.#off) off();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #do(work: () => Promise<void> | void): Promise<void> {
    const done = this.#work.then(async () => {
      if (!this.#closed) await work();
    });
    this.#work = done.catch((error) => this.#onFault(error));
    return done;
  }

  #onFault(error: unknown): void {
    if (error instanceof ProblemError) {
      this.#listeners.tell('problem', error);
      return;
    }
    queueMicrotask(() => {
      throw error;
    });
  }

  async #load(): Promise<void> {
    this.#state = await this.#store.load(this.#connection.roomId);
  }

  async #keep(state: KeeperState): Promise<void> {
    await this.#store.save(this.#connection.roomId, state);
    this.#state = state;
  }

  async #onWelcome(payload: Sealed | undefined): Promise<void> {
    this.#seen = payload && (await this.#read(payload));
    if (this.#phase === 'keeping' && this.#connection.phase === 'live') await this.#begin();
  }

  #onEntry(entry: LogEntry, past: boolean): void {
    // Sanctions of the past too: one may have been decided while nobody kept the keys.
    if (entry.kind === 'sanction' && (entry.what === 'removed' || entry.what === 'banned'))
      this.exclude(entry.who).catch(() => {});
    if (entry.kind === 'sanction' && entry.what === 'lifted') this.include(entry.who).catch(() => {});
    if (past) return;
    if (entry.kind === 'keeper') this.#do(() => this.#onStatement(entry.statement)).catch(() => {});
    if (entry.kind === 'show' && entry.state === 'started') this.#do(() => this.#begin()).catch(() => {});
  }

  async #read(payload: Sealed): Promise<KeeperStatement | undefined> {
    try {
      return await readStatement(payload, this.#connection.roomId);
    } catch (error) {
      if (error instanceof SealedError) return undefined;
      throw error;
    }
  }

  /** Another statement than ours: of another window, which shares our store, or of another device, which does not. */
  async #onStatement(payload: Sealed): Promise<void> {
    const statement = await this.#read(payload);
    if (!statement) return;
    this.#seen = statement;
    const pin = await this.pin();
    if (pin?.keyId === statement.keyId && pin.number === statement.number) return;
    if (toPin(statement).publicKey !== toBase64Url(await this.publicKey())) {
      this.#setPhase('replaced');
      return;
    }
    if (statement.number <= (this.#state?.number ?? 0)) return; // one that we have replaced ourselves since
    await this.#load();
    if ((await this.pin())?.keyId === statement.keyId)
      this.#listeners.tell('keys', { keyId: statement.keyId });
    else await this.#rotate();
  }

  /** States what is in force, and makes a new key first where the show is another one. */
  async #begin(): Promise<void> {
    if (this.#phase === 'replaced') return;
    const { show } = this.#connection.view;
    const isNewShow = show?.state === 'started' && show.showId !== this.#state?.showId;
    const pin = await this.pin();
    if (!pin || isNewShow || (this.#seen && this.#isAhead(this.#seen, pin))) {
      await this.#rotate();
      return;
    }
    if (this.#seen && toPin(this.#seen).publicKey === pin.publicKey && this.#seen.number === pin.number) {
      this.#setPhase('keeping');
      return;
    }
    await this.#publish();
  }

  /** The log has a later statement of ours than the store: a number is not used twice. */
  #isAhead(seen: KeeperStatement, pin: KeeperPin): boolean {
    const { publicKey, number, keyId } = toPin(seen);
    return (
      publicKey === pin.publicKey && (number > pin.number || (number === pin.number && keyId !== pin.keyId))
    );
  }

  async #publish(): Promise<void> {
    const pin = await this.pin();
    // While the socket is away: `phase` brings it here again.
    if (!pin || this.#connection.phase !== 'live') return;
    const { roomId } = this.#connection;
    const statement = await signStatement(pin, roomId, await this.#signing);
    try {
      await this.#connection.keeper(statement);
    } catch (error) {
      if (!(error instanceof ProblemError) || !error.retry) throw error;
      // The log is away: nothing is in force before it is said there.
      this.#listeners.tell('problem', error);
      this.#again = setTimeout(() => this.#do(() => this.#begin()).catch(() => {}), STATEMENT_RETRY_MS);
      return;
    }
    this.#seen = await this.#read(statement);
    this.#setPhase('keeping');
    if (!this.#isOwing) return;
    this.#isOwing = false;
    this.#giver.giveAll();
  }

  /** First the statement, so that from there on nobody seals for whoever was shut out; then the key for those who stay. */
  async #rotate(change: (state: KeeperState) => KeeperState = (state) => state): Promise<void> {
    const { show } = this.#connection.view;
    const showId = show?.state === 'started' ? show.showId : this.#state?.showId;
    const ours = this.#seen && toPin(this.#seen).publicKey === toBase64Url(await this.publicKey());
    const key = randomKey();
    const state = withNewKey(this.#state, toBase64Url(key), {
      ...(showId === undefined ? {} : { showId }),
      ...(ours && this.#seen ? { number: this.#seen.number } : {}),
    });
    await this.#keep(change(state));
    this.#listeners.tell('keys', { keyId: await roomKeyId(key) });
    this.#giver.hold();
    this.#isOwing = true;
    await this.#publish();
  }

  #setPhase(phase: KeeperPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#listeners.tell('phase', phase);
  }
}
