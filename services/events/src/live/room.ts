import type {
  KeyFor,
  LogEntry,
  LogPlace,
  MenuItem,
  ServerMessage,
  Snapshot,
} from '@nightjar/contracts/ws-protocol';
import type { Log } from '@nightjar/kit/log';
import { Rate } from '@nightjar/kit/rate';
import { Sanctions } from '../domain/sanctions.ts';
import { toSnapshot } from '../domain/snapshot.ts';
import * as limits from '../limits.ts';
import { Refill } from '../log/refill.ts';
import type { OpenedLog, RoomLog, StoredEntry } from '../log/room-log.ts';
import { type KeyAsked, readChannel } from './room-channel.ts';

/**
 * All that a member missed is written to it at one moment. More than this and it would be closed as too slow, however
 * fast it reads, and again whenever it comes back; the other half is for what happens meanwhile.
 */
const RESUME_BYTES_MAX = limits.SOCKET_BUFFER_BYTES_MAX / 2;

/** A socket as its room sees it. */
export interface Member {
  readonly counted: boolean;
  /** Random, for this connection alone, and unlike what LiveKit or others know it by: where its keys are sent. */
  readonly ref: string;
  readonly keepsKeys: boolean;
  /** Whom a sanction would name; undefined for whom none is for. */
  readonly sanctionable: string | undefined;
  /** Takes a frame that is the same for all. */
  deliver(offset: number, frame: Buffer): void;
  /** Takes a frame that is in no log. */
  tell(frame: Buffer): void;
  /** Somebody asks for a key. It may be passed over: who got none asks again. */
  askForKey(frame: Buffer): void;
  say(message: ServerMessage): void;
  /** The broadcaster decided that it may not be here. */
  expel(): void;
  /** The log began a new epoch, or lost what this pod has not seen: it must go on from its own place, or start anew. */
  restart(): void;
}

export interface Joined {
  readonly epoch: string;
  readonly from: number;
  readonly offset: number;
  readonly recovered: boolean;
  readonly snapshot: Snapshot;
  readonly sanctions: Sanctions;
  readonly history: readonly { offset: number; frame: Buffer }[];
}

/** What the room's log is read through. */
export interface RoomDeps {
  readonly log: RoomLog;
  readonly refill: Refill;
  readonly logger: Log;
}

/** One room as one pod serves it: follows the room's log without gaps and writes each entry, encoded once, to all its members. */
export class Room {
  readonly id: string;
  readonly #members = new Map<string, Member>();
  viewers = 0;
  #deps: RoomDeps;
  #epoch = '';
  #offset = 0;
  /** The offset at which this pod took up the epoch. */
  #followedFrom = 0;
  #catchingUp: Promise<void> | undefined;
  #menu: ReadonlyMap<string, MenuItem> = new Map();
  #live = false;
  #sanctions = new Sanctions();
  readonly #rates = {
    keyAsks: new Rate(limits.ROOM_KEY_ASKS_PER_SECOND, limits.ROOM_KEY_ASKS_BURST, 0),
    strikes: new Rate(limits.ROOM_STRIKES_PER_SECOND, limits.ROOM_STRIKES_BURST, 0),
  };

  constructor(id: string, deps: RoomDeps) {
    this.id = id;
    this.#deps = deps;
  }

  /** Whether a show is on. */
  get live(): boolean {
    return this.#live;
  }

  menuItem(itemId: string): MenuItem | undefined {
    return this.#menu.get(itemId);
  }

  /** Who is shut out or may not write, as far as this pod has the log. */
  get sanctions(): Sanctions {
    return this.#sanctions;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** Takes one from a rate that all of the room's sockets on this pod have together. */
  spend(rate: 'keyAsks' | 'strikes', nowMs: number): boolean {
    return this.#rates[rate].take(nowMs);
  }

  add(member: Member): void {
    this.#members.set(member.ref, member);
  }

  /** Whether it was there. */
  remove(member: Member): boolean {
    return this.#members.delete(member.ref);
  }

  get counted(): number {
    let count = 0;
    for (const member of this.#members.values()) if (member.counted) count++;
    return count;
  }

  /**
   * Reads what a member needs to begin. The member must have been added already and keep back what is delivered to it in
   * the meantime; then there is no moment at which an entry could be missed.
   */
  async join(resume: LogPlace | undefined): Promise<Joined> {
    let opened = await this.#openFilled();
    this.#adopt(opened);
    // What came before this pod followed the log was delivered to nobody here: it must be in what the member reads.
    while (opened.epoch === this.#epoch && opened.offset < this.#followedFrom)
      opened = await this.#openFilled();
    const { epoch, offset } = opened;
    const wanted = resume?.epoch === epoch && resume.offset <= offset ? resume.offset + 1 : undefined;
    let entries = await this.#deps.log.read(
      this.id,
      epoch,
      wanted ?? Math.max(1, offset - limits.HISTORY_ENTRIES + 1),
      offset,
    );
    const recovered = wanted !== undefined && entries.length === offset - wanted + 1 && fitsAtOnce(entries);
    if (!recovered && entries.length > limits.HISTORY_ENTRIES)
      entries = entries.slice(-limits.HISTORY_ENTRIES);
    return {
      epoch,
      offset,
      recovered,
      from: recovered && wanted !== undefined ? wanted : (entries[0]?.offset ?? offset + 1),
      snapshot: toSnapshot(opened.snapshot),
      sanctions: new Sanctions(opened.snapshot),
      history: entries.map((entry) => ({ offset: entry.offset, frame: encode(entry) })),
    };
  }

  /** A message from the room's channel. */
  receive(text: string): void {
    const message = readChannel(text);
    switch (message?.is) {
      case 'presence':
        this.viewers = message.viewers;
        this.#tell({ t: 'presence', viewers: this.viewers });
        return;
      case 'key-asked':
        this.#askForKey(message.asked);
        return;
      case 'keys':
        this.#handKeys(message.keys);
        return;
      case 'entry':
        this.#takeEntry(message);
    }
  }

  #takeEntry({ epoch, offset, entry }: { epoch: string; offset: number; entry: string }): void {
    if (this.#catchingUp || epoch !== this.#epoch || offset > this.#offset + 1) void this.catchUp();
    else if (offset === this.#offset + 1) this.#deliver({ offset, entry });
  }

  /** To those who keep the keys. Where none is on any pod nothing happens: who asked asks again. */
  #askForKey(asked: KeyAsked): void {
    const frame = encodeMessage({ t: 'key-asked', ...asked });
    for (const member of this.#members.values()) if (member.keepsKeys) member.askForKey(frame);
  }

  /** Each to its one connection, if that is on this pod. */
  #handKeys(keys: readonly KeyFor[]): void {
    for (const { to, key } of keys) this.#members.get(to)?.say({ t: 'key', key });
  }

  /** Reads whatever the channel did not bring. Called again and again, it runs once more after the current run. */
  catchUp(): Promise<void> {
    this.#again = true;
    this.#catchingUp ??= this.#catchUp().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }
  #again = false;

  async #catchUp(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        const opened = await this.#openFilled();
        if (opened.epoch !== this.#epoch) {
          this.#adopt(opened);
          continue;
        }
        const entries = await this.#deps.log.read(this.id, opened.epoch, this.#offset + 1, opened.offset);
        if (entries.length < opened.offset - this.#offset || !fitsAtOnce(entries)) {
          // Trimmed away under us, or too much: nobody here can go on where they were.
          this.#begin(opened);
          continue;
        }
        for (const entry of entries) this.#deliver(entry);
      }
    } catch (error) {
      // The next message, or the connection's return, tries again.
      this.#deps.logger.warn('room_catch_up_failed', { roomId: this.id, error });
    }
  }

  async #openFilled(): Promise<OpenedLog> {
    const opened = await this.#deps.log.open(this.id);
    if (!Refill.isNeeded(opened)) return opened;
    try {
      await this.#deps.refill.fill(this.id, opened);
    } catch (error) {
      // Chat and picture go on without the source that is away; its next event, or the next join, fills the log.
      this.#deps.logger.warn('room_refill_failed', { roomId: this.id, error });
    }
    return this.#deps.log.open(this.id);
  }

  /** Takes up an epoch that is not the one we follow. */
  #adopt(opened: OpenedLog): void {
    if (opened.epoch === this.#epoch) return;
    const first = this.#epoch === '';
    if (first) this.#follow(opened);
    else this.#begin(opened);
  }

  #begin(opened: OpenedLog): void {
    this.#follow(opened);
    for (const member of this.#members.values()) member.restart();
  }

  #follow(opened: OpenedLog): void {
    this.#epoch = opened.epoch;
    this.#offset = opened.offset;
    this.#followedFrom = opened.offset;
    const { menu, show } = toSnapshot(opened.snapshot);
    this.#menu = new Map((menu?.items ?? []).map((item) => [item.itemId, item]));
    this.#live = show?.state === 'started';
    this.#sanctions = new Sanctions(opened.snapshot);
  }

  #deliver(stored: StoredEntry): void {
    this.#offset = stored.offset;
    const entry = JSON.parse(stored.entry) as LogEntry;
    if (entry.kind === 'menu') this.#menu = new Map(entry.items.map((item) => [item.itemId, item]));
    if (entry.kind === 'show') this.#live = entry.state === 'started';
    if (entry.kind === 'show' || entry.kind === 'sanction') this.#sanctions.take(entry);
    const frame = encode(stored);
    for (const member of this.#members.values()) member.deliver(stored.offset, frame);
    if (entry.kind === 'sanction' && this.#sanctions.isOut(entry.who)) this.#expel(entry.who);
  }

  #expel(pseudonym: string): void {
    for (const member of this.#members.values()) if (member.sanctionable === pseudonym) member.expel();
  }

  /** Says something to all that is in no log. */
  #tell(message: ServerMessage): void {
    const frame = encodeMessage(message);
    for (const member of this.#members.values()) member.tell(frame);
  }
}

function fitsAtOnce(entries: readonly StoredEntry[]): boolean {
  return entries.reduce((bytes, { entry }) => bytes + Buffer.byteLength(entry), 0) <= RESUME_BYTES_MAX;
}

function encode({ offset, entry }: StoredEntry): Buffer {
  return Buffer.from(`{"t":"entry","offset":${offset},${entry.slice(1)}`);
}

function encodeMessage(message: ServerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
