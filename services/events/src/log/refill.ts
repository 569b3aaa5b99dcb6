import type { RoomEvent as PaymentsEvent } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import type { RoomEvent as RoomsEvent } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { EventSource } from '@nightjar/contracts/subjects';
import type { LogEntry } from '@nightjar/contracts/ws-protocol';
import { Problem } from '@nightjar/kit/problem';
import {
  fromPayments,
  fromRooms,
  inSnapshot,
  type Logged,
  menuEntry,
  type OpenSender,
  showEntry,
} from '../domain/log-entry.ts';
import { REFILL_EVENTS_MAX } from '../limits.ts';
import type { Neighbours } from '../neighbours.ts';
import type { OpenedLog, RoomLog } from './room-log.ts';

/** What a source answers when its outbox no longer reaches back so far. */
const EVENTS_GONE = 'room_events_gone';

/**
 * Fills a room's log from the truth: all that a new epoch has to know of, or what is missing before an event. Several pods
 * may do it at once, since a number that the log has changes nothing.
 */
export class Refill {
  readonly #log: RoomLog;
  readonly #neighbours: Neighbours;
  readonly #openSender: OpenSender;
  readonly #now: () => number;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: { log: RoomLog; neighbours: Neighbours; openSender: OpenSender; now: () => number }) {
    this.#log = options.log;
    this.#neighbours = options.neighbours;
    this.#openSender = options.openSender;
    this.#now = options.now;
  }

  /** Whether the log lacks a source altogether, as it does when its epoch is new. */
  static isNeeded(opened: OpenedLog): boolean {
    return opened.seqs.payments === undefined || opened.seqs.rooms === undefined;
  }

  /** What a new epoch has to know of. Throws Problem `unavailable` while a source is away. */
  async fill(roomId: string, opened: OpenedLog): Promise<void> {
    if (opened.seqs.rooms === undefined) await this.after(roomId, 'rooms', undefined);
    if (opened.seqs.payments === undefined) await this.after(roomId, 'payments', undefined);
  }

  /** Everything of one source after a number; from its latest state where the log has nothing of it. */
  after(roomId: string, source: EventSource, seq: bigint | undefined): Promise<void> {
    const key = `${source}/${roomId}/${seq ?? ''}`;
    const before = this.#underWay.get(key);
    if (before) return before;
    const asked = source === 'payments' ? this.#payments(roomId, seq) : this.#rooms(roomId, seq);
    const work = asked
      .catch((error) => this.#beginAnew(roomId, error))
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
    return work;
  }

  /** A log so far behind that its source no longer has what is missing starts over, in a new epoch. */
  async #beginAnew(roomId: string, error: unknown): Promise<void> {
    if (!(error instanceof Problem) || error.code !== EVENTS_GONE) throw error;
    await this.#log.forget(roomId);
    await this.fill(roomId, await this.#log.open(roomId));
  }

  async #payments(roomId: string, after: bigint | undefined): Promise<void> {
    const { events } = await this.#neighbours.payments.listRoomEvents({
      roomId,
      limit: REFILL_EVENTS_MAX,
      ...(after === undefined ? {} : { afterSeq: after }),
    });
    if (events.length === 0 && after === undefined) await this.#log.seed(roomId, 'payments', 0n);
    await this.#appendAll(events, 'payments', after, (event: PaymentsEvent) =>
      fromPayments(event, this.#openSender),
    );
  }

  async #rooms(roomId: string, after: bigint | undefined): Promise<void> {
    if (after !== undefined) {
      const { events } = await this.#neighbours.rooms.listRoomEvents({
        roomId,
        afterSeq: after,
        limit: REFILL_EVENTS_MAX,
      });
      return this.#appendAll(events, 'rooms', after, fromRooms);
    }
    // Older events of a room only say what it once was; what it is now is enough to begin with.
    const room = await this.#neighbours.rooms.getRoom({ roomId });
    const at = new Date(this.#now()).toISOString();
    const entries: LogEntry[] = [];
    if (room.menu) entries.push({ at, ...menuEntry(room.menu) });
    if (room.show) entries.push({ at, ...showEntry(room.show, 'started') });
    for (const entry of entries) {
      await this.#log.append({
        roomId,
        ...stored(inSnapshot(entry.kind === 'menu' ? 'menu' : 'show', entry)),
      });
    }
    await this.#log.seed(roomId, 'rooms', room.seq);
  }

  async #appendAll<E extends PaymentsEvent | RoomsEvent>(
    events: readonly E[],
    source: EventSource,
    after: bigint | undefined,
    convert: (event: E) => Logged | undefined,
  ): Promise<void> {
    for (const [i, event] of events.entries()) {
      const begins = i === 0 && after === undefined;
      const logged = convert(event);
      if (!logged) continue;
      await this.#log.append({
        roomId: event.roomId,
        ...stored(logged),
        from: { source, seq: event.seq, begins },
      });
    }
  }
}

/** An entry in the form that the log keeps. */
export function stored(logged: Logged): {
  entry: string;
  set?: { field: string; value: string };
  drop?: readonly string[];
} {
  return {
    entry: JSON.stringify(logged.entry),
    ...(logged.set ? { set: logged.set } : {}),
    ...(logged.drop ? { drop: logged.drop } : {}),
  };
}
