import type { LogPlace, MenuItem, Snapshot } from '@nightjar/contracts/ws-protocol';
import type { Log } from '@nightjar/kit/log';
import { toSnapshot } from '../domain/snapshot.ts';
import { HISTORY_ENTRIES, SOCKET_BUFFER_BYTES_MAX } from '../limits.ts';
import { Refill } from '../log/refill.ts';
import type { OpenedLog, RoomLog, StoredEntry } from '../log/room-log.ts';

/**
 * All that a member missed is written to it at one moment. More than this and it would be closed as too slow, however
 * fast it reads, and again whenever it comes back; the other half is for what happens meanwhile.
 */
const RESUME_BYTES_MAX = SOCKET_BUFFER_BYTES_MAX / 2;

/** A socket as its room sees it. */
export interface Member {
  readonly counted: boolean;
  /** Takes a frame that is the same for all. */
  deliver(offset: number, frame: Buffer): void;
  /** Takes a frame that is in no log. */
  tell(frame: Buffer): void;
  /** The log began a new epoch, or lost what this member has not seen: it must start from the snapshot again. */
  restart(): void;
}

export interface Joined {
  readonly epoch: string;
  readonly from: number;
  readonly offset: number;
  readonly recovered: boolean;
  readonly snapshot: Snapshot;
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
  readonly members = new Set<Member>();
  viewers = 0;
  #deps: RoomDeps;
  #epoch = '';
  #offset = 0;
  #catchingUp: Promise<void> | undefined;
  #menu: ReadonlyMap<string, MenuItem> = new Map();
  #live = false;

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

  get counted(): number {
    let count = 0;
    for (const member of this.members) if (member.counted) count++;
    return count;
  }

  /**
   * Reads what a member needs to begin. The member must be in `members` already and keep back what is delivered to it in
   * the meantime; then there is no moment at which an entry could be missed.
   */
  async join(resume: LogPlace | undefined): Promise<Joined> {
    const opened = await this.#openFilled();
    this.#adopt(opened);
    const { epoch, offset } = opened;
    const wanted = resume?.epoch === epoch && resume.offset <= offset ? resume.offset + 1 : undefined;
    let entries = await this.#deps.log.read(
      this.id,
      wanted ?? Math.max(1, offset - HISTORY_ENTRIES + 1),
      offset,
    );
    const recovered = wanted !== undefined && entries.length === offset - wanted + 1 && fitsAtOnce(entries);
    if (!recovered && entries.length > HISTORY_ENTRIES) entries = entries.slice(-HISTORY_ENTRIES);
    return {
      epoch,
      offset,
      recovered,
      from: recovered && wanted !== undefined ? wanted : (entries[0]?.offset ?? offset + 1),
      snapshot: toSnapshot(opened.snapshot),
      history: entries.map((entry) => ({ offset: entry.offset, frame: encode(entry) })),
    };
  }

  /** A message from the room's channel. */
  receive(message: string): void {
    if (message.startsWith('p ')) {
      this.viewers = Number(message.slice(2));
      this.tell({ t: 'presence', viewers: this.viewers });
      return;
    }
    const epochEnd = message.indexOf(' ', 2);
    const offsetEnd = message.indexOf(' ', epochEnd + 1);
    const epoch = message.slice(2, epochEnd);
    const offset = Number(message.slice(epochEnd + 1, offsetEnd));
    if (this.#catchingUp || epoch !== this.#epoch || offset > this.#offset + 1) void this.catchUp();
    else if (offset === this.#offset + 1) this.#deliver({ offset, entry: message.slice(offsetEnd + 1) });
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
        const entries = await this.#deps.log.read(this.id, this.#offset + 1, opened.offset);
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
    for (const member of this.members) member.restart();
  }

  #follow(opened: OpenedLog): void {
    this.#epoch = opened.epoch;
    this.#offset = opened.offset;
    const { menu, show } = toSnapshot(opened.snapshot);
    this.#menu = new Map((menu?.items ?? []).map((item) => [item.itemId, item]));
    this.#live = show?.state === 'started';
  }

  #deliver(stored: StoredEntry): void {
    this.#offset = stored.offset;
    const entry = JSON.parse(stored.entry) as { kind: string; items?: MenuItem[]; state?: string };
    if (entry.kind === 'menu') this.#menu = new Map((entry.items ?? []).map((item) => [item.itemId, item]));
    if (entry.kind === 'show') this.#live = entry.state === 'started';
    const frame = encode(stored);
    for (const member of this.members) member.deliver(stored.offset, frame);
  }

  /** Says something to all that is in no log. */
  tell(message: { t: 'presence'; viewers: number }): void {
    const frame = Buffer.from(JSON.stringify(message));
    for (const member of this.members) member.tell(frame);
  }
}

function fitsAtOnce(entries: readonly StoredEntry[]): boolean {
  return entries.reduce((bytes, { entry }) => bytes + Buffer.byteLength(entry), 0) <= RESUME_BYTES_MAX;
}

function encode({ offset, entry }: StoredEntry): Buffer {
  return Buffer.from(`{"t":"entry","offset":${offset},${entry.slice(1)}`);
}
