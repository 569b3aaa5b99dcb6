import { ChatKeeper } from '@nightjar/client/chat-keeper';
import type { Identity } from '@nightjar/client/identity';
import { memoryPins } from '@nightjar/client/keeper-pins';
import type { KeeperStore } from '@nightjar/client/keeper-store';
import type { KeyStore } from '@nightjar/client/key-store';
import { RoomConnection } from '@nightjar/client/room-connection';
import type { GoalView } from '@nightjar/client/room-view';
import type { Rooms, SanctionInForce } from '@nightjar/client/rooms';
import type { LogEntry, Sanction } from '@nightjar/contracts/ws-protocol';
import { endpoints, http } from '../../lib/backend.ts';
import { Store } from '../../lib/store.ts';
import type { ChatState } from '../../room/chat-state.ts';
import { afterEntry, afterSnapshot, EMPTY_LOG, type RoomLogView } from '../../room/room-log.ts';
import { RoomTalk } from '../../room/room-talk.ts';
import { SILENCE_MINUTES } from '../limits.ts';
import { problemWords } from '../problem-words.ts';
import { sanctionsAfterEntry } from './sanctions.ts';
import { EMPTY_TALLY, type Tally, tallyAfterEntry, tallyAfterPresence } from './summary.ts';

export interface LiveState {
  readonly link: 'connecting' | 'live' | 'lost' | 'closed';
  /** Why it is closed for good. */
  readonly why?: string;
  readonly showOn: boolean;
  readonly log: RoomLogView;
  readonly chat: ChatState;
  /** Another device of the broadcaster keeps the chat's keys. */
  readonly keeperElsewhere: boolean;
  readonly pseudonym?: string;
  readonly goal?: GoalView;
  readonly tally: Tally;
  readonly sanctions: readonly SanctionInForce[];
  /** What the last act of moderation was refused with. */
  readonly refused?: string;
}

export const NOT_LIVE: LiveState = {
  link: 'connecting',
  showOn: false,
  log: EMPTY_LOG,
  chat: { is: 'waiting' },
  keeperElsewhere: false,
  tally: EMPTY_TALLY,
  sanctions: [],
};

export interface LiveParts {
  readonly roomId: string;
  readonly identity: Identity;
  readonly rooms: Rooms;
  readonly keys: KeyStore;
  readonly keeperStore: KeeperStore;
}

/** The broadcaster in the room: its log, its chat, whose keys this page keeps, and what is decided about people. */
export class LiveModel implements Disposable {
  readonly state = new Store<LiveState>(NOT_LIVE);
  readonly connection: RoomConnection;
  readonly #parts: LiveParts;
  readonly #keeper: ChatKeeper;
  readonly #talk: RoomTalk;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    const { roomId, identity, keys, keeperStore } = parts;
    const connection = new RoomConnection({ endpoints, http, roomId, as: 'broadcaster', identity });
    this.connection = connection;
    this.#keeper = new ChatKeeper({ connection, keys, store: keeperStore });
    this.#keeper.on('phase', (phase) => this.#say({ keeperElsewhere: phase === 'replaced' }));
    connection.on('phase', ({ phase, reason }) => {
      if (phase === 'closed') this.#say({ link: 'closed', ...(reason ? { why: reason.why } : {}) });
      else this.#say({ link: phase === 'live' ? 'live' : phase === 'connecting' ? 'connecting' : 'lost' });
    });
    connection.on('welcome', ({ snapshot, recovered, welcome }) => {
      const { pseudonym, viewers } = welcome;
      this.#say({ link: 'live', ...(pseudonym === undefined ? {} : { pseudonym }) });
      this.#tally((tally) => tallyAfterPresence(tally, viewers));
      if (!recovered) {
        this.#log((log) => afterSnapshot(log, snapshot, performance.now(), pseudonym));
        this.#tally((tally) => ({ ...tally, open: new Set(snapshot.tips.map(({ tipId }) => tipId)) }));
      }
      this.#look();
    });
    connection.on('entry', ({ entry, past }) => this.#onEntry(entry, past));
    connection.on('presence', ({ viewers }) => this.#tally((tally) => tallyAfterPresence(tally, viewers)));
    this.#talk = new RoomTalk({
      connection,
      keeper: this.#keeper,
      // Its own keeper is the only one that it believes.
      pins: memoryPins(),
      log: (change) => this.#log(change),
      state: (chat) => this.#say({ chat }),
    });
    void this.#listSanctions();
  }

  /** A new show begins, or the page took up one that was on. */
  begin(startedWall: number): void {
    const { viewers } = this.state.current.tally;
    this.#tally(({ open }) => ({ ...EMPTY_TALLY, open, viewers, viewersMost: viewers, startedWall }));
  }

  end(): void {
    this.#tally((tally) => ({ ...tally, endedWall: Date.now() }));
  }

  say(text: string): void {
    void this.#talk.say(text, this.state.current.pseudonym ?? '');
  }

  /** Takes a line out of everybody's log. */
  strike(lineId: string): Promise<void> {
    return this.#act(() => this.connection.strike(lineId));
  }

  /** What the broadcaster decides. The keys of the chat follow by themselves: a removal or a ban makes a new one. */
  sanction(who: string, what: Sanction): Promise<void> {
    const { rooms, roomId } = this.#parts;
    return this.#act(async () => {
      const sanction = await rooms.sanction(
        roomId,
        who,
        what === 'silenced' ? { what, minutes: SILENCE_MINUTES } : { what },
      );
      if (what !== 'silenced') await this.#keeper.exclude(who);
      this.#sanctions((all) => [sanction, ...all.filter(({ pseudonym }) => pseudonym !== who)]);
    });
  }

  lift(who: string): Promise<void> {
    const { rooms, roomId } = this.#parts;
    return this.#act(async () => {
      await rooms.lift(roomId, who);
      await this.#keeper.include(who);
      this.#sanctions((all) => all.filter(({ pseudonym }) => pseudonym !== who));
    });
  }

  /** The chat's keys come back to this page; viewers are told of it. */
  takeKeysBack(): void {
    void this.#keeper.takeBack().catch((error) => this.#say({ refused: problemWords(error) }));
  }

  close(): void {
    this.#talk.close();
    this.#keeper.close();
    this.connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #onEntry(entry: LogEntry, past: boolean): void {
    this.#log((log) => afterEntry(log, entry, performance.now(), this.state.current.pseudonym));
    this.#tally((tally) => tallyAfterEntry(tally, entry, past));
    if (entry.kind === 'sanction') this.#sanctions((all) => sanctionsAfterEntry(all, entry));
    this.#look();
  }

  #look(): void {
    const { goal, show } = this.connection.view;
    const { goal: _goal, ...state } = this.state.current;
    this.state.set({ ...state, showOn: show?.state === 'started', ...(goal ? { goal } : {}) });
  }

  async #listSanctions(): Promise<void> {
    const { rooms, roomId } = this.#parts;
    try {
      const { sanctions } = await rooms.sanctions(roomId);
      this.#say({ sanctions });
    } catch (error) {
      this.#say({ refused: problemWords(error) });
    }
  }

  async #act(act: () => Promise<unknown>): Promise<void> {
    const { refused: _refused, ...state } = this.state.current;
    this.state.set(state);
    try {
      await act();
    } catch (error) {
      this.#say({ refused: problemWords(error) });
    }
  }

  #sanctions(change: (all: readonly SanctionInForce[]) => readonly SanctionInForce[]): void {
    this.#say({ sanctions: change(this.state.current.sanctions) });
  }

  #log(change: (log: RoomLogView) => RoomLogView): void {
    this.#say({ log: change(this.state.current.log) });
  }

  #tally(change: (tally: Tally) => Tally): void {
    this.#say({ tally: change(this.state.current.tally) });
  }

  #say(change: Partial<LiveState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}
