import type { RoomEvent as PaymentsEvent } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import type { RoomEvent as RoomsEvent } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { EventSource } from '@nightjar/contracts/subjects';
import { Problem } from '@nightjar/kit/problem';
import { fromRooms, roomNow } from '../domain/from-rooms.ts';
import { fromPayments, type Logged, type OpenSender } from '../domain/log-entry.ts';
import { REFILL_EVENTS_MAX } from '../limits.ts';
import type { Neighbours } from '../neighbours.ts';
import type { Append, OpenedLog, RoomLog } from './room-log.ts';

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

  /**
   * What a new epoch has to know of. The room first: what money counts towards is said there. Throws Problem `unavailable`
   * while a source is away.
   */
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
    // A money event may be the first to touch a new epoch. Without the room's goal it would be counted towards none.
    if (after === undefined && (await this.#log.open(roomId)).seqs.rooms === undefined)
      await this.after(roomId, 'rooms', undefined).catch(() => {});
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
    const { entries, fields } = roomNow(room, new Date(this.#now()).toISOString());
    await this.#log.fill({
      roomId,
      source: 'rooms',
      seq: room.seq,
      entries: entries.map(({ entry, set }) => ({ entry: JSON.stringify(entry), set })),
      fields,
    });
  }

  async #appendAll<E extends PaymentsEvent | RoomsEvent>(
    events: readonly E[],
    source: EventSource,
    after: bigint | undefined,
    convert: (event: E) => Logged | undefined,
  ): Promise<void> {
    for (const [i, event] of events.entries()) {
      const begins = i === 0 && after === undefined;
      await this.#log.append({
        roomId: event.roomId,
        ...stored(convert(event)),
        from: { source, seq: event.seq, begins },
      });
    }
  }
}

/** An entry in the form that the log keeps. An event that this version does not know takes its number and no place. */
export function stored(logged: Logged | undefined): Omit<Append, 'roomId'> {
  if (!logged) return { entry: '' };
  const { entry, ...changes } = logged;
  return { entry: JSON.stringify(entry), ...changes };
}
