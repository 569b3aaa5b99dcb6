import type { CloseReason } from '@nightjar/client/close-reason';
import { ProblemError } from '@nightjar/client/problem-error';
import { RoomConnection } from '@nightjar/client/room-connection';
import { type Room, Rooms } from '@nightjar/client/rooms';
import { sendTip, type Tip } from '@nightjar/client/send-tip';
import type { Wallet } from '@nightjar/client/wallet';
import type { LogEntry, Role } from '@nightjar/contracts/ws-protocol';
import { endpoints, http } from '../lib/backend.ts';
import { pinsHere } from '../lib/kept-here.ts';
import { Store } from '../lib/store.ts';
import { rememberRoom } from '../me/rooms-known.ts';
import { openHistory } from '../wallet/history-database.ts';
import { askFor, purchaseOf } from '../wallet/purchase.ts';
import { tipEntry } from '../wallet/tip-record.ts';
import type { Beginning } from './boot.ts';
import { DeviceTrace } from './device-trace.ts';
import { actingPerson, hasActed, type Person } from './person.ts';
import { forgetPutOut, isPutOut, rememberPutOut } from './put-out.ts';
import type { Tipped } from './room-hands.ts';
import { afterEntry, afterOwnTip, afterSnapshot, queueOf, type RoomLogView } from './room-log.ts';
import { FIRST_SCREEN, type RoomScreen } from './room-screen.ts';
import { RoomTalk } from './room-talk.ts';
import type { TipWish } from './tip-wish.ts';

/** One way of being in the room: its connection, and the chat over it. */
interface Here {
  readonly connection: RoomConnection;
  readonly talk: RoomTalk;
}

/**
 * A viewer in a room. They come in as a guest, who needs no key; with their first act they become a viewer, and the
 * picture changes over to a grant of that viewer without a break.
 */
export class RoomModel {
  readonly screen = new Store<RoomScreen>(FIRST_SCREEN);
  readonly device = new DeviceTrace();
  readonly #beginning: Beginning;
  readonly #rooms = new Rooms({ endpoints, http });
  readonly #pins = pinsHere();
  #room: Room | undefined;
  #here: Here | undefined;
  #person: Person | undefined;
  #becoming: Promise<Person> | undefined;
  #balanceAsked = false;

  constructor(beginning: Beginning) {
    this.#beginning = beginning;
    beginning.found.subscribe(() => this.#onFound());
    this.#onFound();
  }

  get roomId(): string {
    return this.#room?.roomId ?? '';
  }

  /** Sends a line, as a viewer from then on. Never throws: what was not taken stands in its line. */
  async say(text: string): Promise<void> {
    try {
      await this.#become();
      await this.#here?.talk.say(text, this.screen.current.pseudonym ?? '');
    } catch (error) {
      this.#tell({ chat: { is: 'closed', why: titleOf(error) } });
    }
  }

  /** @throws ProblemError where nobody could come in as a viewer */
  async tip(wish: TipWish): Promise<Tipped> {
    const { wallet } = await this.#become();
    // What is known will do: the ledger has the last word anyway, and asking it first would cost a tip its quickness.
    let balance = this.screen.current.balance;
    if (balance === undefined || balance < wish.amount) balance = await this.#readBalance(wallet);
    if (balance < wish.amount) return { is: 'short', balance };
    const here = this.#here;
    if (!here) throw new TypeError('a viewer who is nowhere');
    const { connection, talk } = here;
    const tipId = `tip_${crypto.randomUUID()}`;
    const note = wish.note === undefined ? undefined : await talk.sealNote(tipId, wish.note);
    const tip = sendTip(
      { connection, wallet },
      {
        ...(wish.item ? { itemId: wish.item.itemId } : { amount: wish.amount }),
        ...(note ? { note } : {}),
        tipId,
      },
    );
    void this.#follow(tip, wish);
    return { is: 'sent' };
  }

  /** Buys play tokens. @throws ProblemError */
  async buy(amount: bigint): Promise<bigint> {
    const { wallet } = await this.#become();
    const parts = { wallet, history: openHistory(), now: Date.now, newId: () => crypto.randomUUID() };
    await askFor(parts, await purchaseOf(parts, amount));
    return this.#askBalance();
  }

  /** A person compared the keeper's code, and believes the new one. */
  acceptKeeper(): void {
    this.#here?.talk.acceptKeeper();
  }

  /** Looks for the room again. */
  async retry(): Promise<void> {
    this.#tell({ is: 'looking' });
    await this.#beginning.look();
  }

  leave(): void {
    this.#here?.talk.close();
    this.#here?.connection.close();
    this.#beginning.watch.stop();
  }

  #tell(change: Partial<RoomScreen>): void {
    this.screen.update((current) => ({ ...current, ...change }));
  }

  #onFound(): void {
    const found = this.#beginning.found.current;
    switch (found.is) {
      case 'looking':
        return;
      case 'unknown':
        return this.#tell({ is: 'unknown' });
      case 'failed':
        return this.#tell({ is: 'failed', problem: found.problem });
      case 'room': {
        if (this.#room) return;
        const { room } = found;
        this.#room = room;
        this.#tell({
          is: 'room',
          title: room.title,
          menu: room.menu.items,
          show: room.show ? 'on' : 'none',
        });
        if (isPutOut(room.roomId)) return this.#comeBack(room.roomId);
        this.#adopt(this.#comeInAs('guest'));
        if (hasActed()) void this.#become().catch(() => {});
      }
    }
  }

  /** Somebody who was put out: only as who they are, and only if they may. */
  #comeBack(roomId: string): void {
    this.#become().then(
      () => forgetPutOut(roomId),
      (error) => this.#onRefused(error),
    );
  }

  #onRefused(error: unknown): void {
    const { code, title } = error instanceof ProblemError ? error : { code: '', title: titleOf(error) };
    if (code === 'room_not_found') this.#tell({ is: 'unknown' });
    else this.#tell({ is: 'failed', problem: { title } });
  }

  /** Comes in. What is heard before it is adopted is shown as well, so that changing over misses nothing. */
  #comeInAs(as: Extract<Role, 'guest' | 'viewer'>): Here {
    const room = this.#room;
    if (!room) throw new TypeError('there is no room yet');
    const { roomId } = room;
    const identity = as === 'viewer' ? this.#person?.identity : undefined;
    const connection = new RoomConnection({ endpoints, http, roomId, as, ...(identity ? { identity } : {}) });
    const isCurrent = (): boolean => this.#here?.connection === connection;
    const talk = new RoomTalk({
      connection,
      pins: this.#pins,
      keys: this.#here?.talk.keys,
      log: (change) => this.#log(change),
      state: (chat) => {
        if (isCurrent()) this.#tell({ chat });
      },
    });
    connection.on('phase', ({ phase, reason }) => {
      if (!isCurrent()) return;
      if (phase === 'live') this.#tell({ link: 'live' });
      else if (phase === 'closed') this.#onClosed(reason);
      else if (this.screen.current.link === 'live') this.#tell({ link: 'lost' });
    });
    connection.on('welcome', ({ snapshot, recovered, welcome }) => {
      if (!recovered) this.#log((log) => afterSnapshot(log, snapshot, performance.now(), welcome.pseudonym));
      if (isCurrent()) this.#show(connection, welcome.viewers);
    });
    connection.on('entry', ({ entry }) => this.#onEntry(connection, entry));
    connection.on('presence', ({ viewers }) => {
      if (isCurrent()) this.#tell({ viewers });
    });
    return { connection, talk };
  }

  /** From now on this is what the page shows. */
  #adopt(here: Here): void {
    const before = this.#here;
    this.#here = here;
    before?.talk.close();
    before?.connection.close();
    this.#tell({ chat: here.talk.state });
    this.#show(here.connection, here.connection.view.viewers);
  }

  #become(): Promise<Person> {
    this.#becoming ??= this.#comeIn();
    this.#becoming.catch(() => {
      this.#becoming = undefined;
    });
    return this.#becoming;
  }

  async #comeIn(): Promise<Person> {
    const person = actingPerson();
    this.#person = person;
    const here = this.#comeInAs('viewer');
    try {
      await here.connection.live();
    } catch (error) {
      here.talk.close();
      here.connection.close();
      throw error;
    }
    this.#adopt(here);
    this.#rememberName(here.connection);
    this.#watch();
    void person.wallet.prepare().catch(() => {});
    void this.#askBalance().catch(() => {});
    return person;
  }

  /** For the page Me: which name goes with which room is known in this browser alone. */
  #rememberName({ pseudonym }: RoomConnection): void {
    if (!pseudonym || !this.#room) return;
    const { roomId, slug } = this.#room;
    rememberRoom({ roomId, slug, title: this.screen.current.title, pseudonym, at: Date.now() });
  }

  /** Watches with a grant of whoever this page is now. */
  #watch(): void {
    const { watch, age } = this.#beginning;
    const { connection } = this.#here ?? {};
    const room = this.#room;
    if (!connection || !room || age.current !== undefined || this.screen.current.show !== 'on') return;
    watch.start(async (before) =>
      this.#rooms.mediaGrant(room.roomId, await connection.mediaTicket(), before),
    );
  }

  /** The room as the connection knows it now. */
  #show({ phase, pseudonym, view }: RoomConnection, viewers = this.screen.current.viewers): void {
    const { menu, show, room, goal, silencedUntil } = view;
    this.#here?.talk.silencedUntil(silencedUntil);
    const before = this.screen.current.show;
    // Nothing is known of it before the first welcome.
    const now = show ? (show.state === 'started' ? 'on' : 'ended') : before;
    this.#tell({
      ...(phase === 'live' ? { link: 'live' } : {}),
      ...(pseudonym ? { pseudonym } : {}),
      ...(viewers === undefined ? {} : { viewers }),
      ...(menu ? { menu: menu.items } : {}),
      ...(room ? { title: room.title, tags: room.tags } : {}),
      goal,
      show: now,
    });
    if (now === 'on' && this.#beginning.watch.picture.current.phase === 'off') this.#watch();
    if (now !== 'on' && before === 'on') this.#beginning.watch.stop();
  }

  #onEntry(connection: RoomConnection, entry: LogEntry): void {
    // An entry of the past began then and not now, and so did what it says of an effect.
    const ageMs = Math.max(0, connection.serverNowMs - Date.parse(entry.at));
    this.#log((log) => afterEntry(log, entry, performance.now() - ageMs, connection.pseudonym));
    if (connection === this.#here?.connection) this.#show(connection);
  }

  #log(change: (log: RoomLogView) => RoomLogView): void {
    const log = change(this.screen.current.log);
    this.#tell({ log });
    this.device.follow(queueOf(log).running);
  }

  #onClosed(reason: CloseReason | undefined): void {
    if (reason?.code === 'removed') {
      rememberPutOut(this.roomId);
      this.#beginning.watch.stop();
      this.#tell({ is: 'removed' });
    } else if (reason?.code === 'room_unknown' || reason?.code === 'room_not_found') {
      this.#beginning.watch.stop();
      this.#tell({ is: 'unknown' });
    } else if (reason?.code !== 'left') {
      this.#tell({
        is: 'failed',
        problem: { title: reason?.why ?? 'The connection to the room is closed.' },
      });
    }
  }

  async #follow(tip: Tip, wish: TipWish): Promise<void> {
    const own = {
      id: tip.tipId,
      amount: wish.amount,
      ...(wish.item ? { item: wish.item } : {}),
      ...(wish.note === undefined ? {} : { note: wish.note }),
    };
    const record = {
      id: tip.tipId,
      at: Date.now(),
      amount: wish.amount,
      room: { slug: this.#room?.slug ?? '', title: this.screen.current.title },
      ...(wish.item ? { item: wish.item.name } : {}),
    };
    for await (const stage of tip) {
      void openHistory().put(tipEntry(record, stage));
      const now = { wallMs: Date.now(), mono: performance.now() };
      const money = 'settled' in stage ? { settled: stage.settled, returned: stage.returned } : {};
      const why = stage.stage === 'failed' ? { why: stage.title } : {};
      this.#log((log) => afterOwnTip(log, { ...own, stage: stage.stage, ...money, ...why }, now));
      void this.#askBalance().catch(() => {});
    }
  }

  async #readBalance(wallet: Wallet): Promise<bigint> {
    const { available } = await wallet.balance();
    this.#tell({ balance: available });
    return available;
  }

  /** One question at a time: a burst of stages asks the ledger once more at its end. */
  async #askBalance(): Promise<bigint> {
    const wallet = this.#person?.wallet;
    if (!wallet) return 0n;
    if (this.#balanceAsked) return this.screen.current.balance ?? 0n;
    this.#balanceAsked = true;
    try {
      return await this.#readBalance(wallet);
    } finally {
      this.#balanceAsked = false;
    }
  }
}

function titleOf(error: unknown): string {
  return error instanceof ProblemError ? error.title : 'Something went wrong on this page. Load it again.';
}
