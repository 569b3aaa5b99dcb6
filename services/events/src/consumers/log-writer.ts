import { fromBinary } from '@bufbuild/protobuf';
import type { JsMsg } from '@nats-io/jetstream';
import { RoomEventSchema as PaymentsEventSchema } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { RoomEventSchema as RoomsEventSchema } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { EventSource } from '@nightjar/contracts/subjects';
import type { Log } from '@nightjar/kit/log';
import { isRepeated } from '@nightjar/kit/repeated';
import { RPC_HEADERS } from '@nightjar/kit/rpc';
import { contextFrom, currentTraceparent, inSpan, SpanKind } from '@nightjar/kit/telemetry';
import { fromRooms } from '../domain/from-rooms.ts';
import { fromPayments, type Logged, type OpenSender } from '../domain/log-entry.ts';
import { CONSUMER_RETRY_MS, HELD_EVENTS_MAX, HELD_MS } from '../limits.ts';
import { type Refill, stored } from '../log/refill.ts';
import type { Appended, RoomLog } from '../log/room-log.ts';
import type { Metrics } from '../metrics.ts';
import { pause } from './pause.ts';

export interface LogWriterDeps {
  readonly roomLog: RoomLog;
  readonly refill: Refill;
  readonly openSender: OpenSender;
  readonly log: Log;
  readonly metrics: Metrics;
}

interface Decoded {
  readonly source: EventSource;
  readonly roomId: string;
  readonly seq: bigint;
  /** Undefined for an event of a newer version. */
  readonly logged: Logged | undefined;
}

interface Held {
  readonly message: JsMsg;
  readonly event: Decoded;
}

/**
 * Puts events from the bus into room logs, each source's in the order of their numbers. One that comes before its
 * predecessor is held for a moment, since two pods that commit at one time may publish the other way round; what is
 * missing then is asked of the source. A message is acknowledged when its event is in the log, and not before.
 */
export class LogWriter {
  readonly #deps: LogWriterDeps;
  readonly #stop: AbortSignal;
  /** By source and room. */
  readonly #held = new Map<string, Held[]>();
  #heldCount = 0;

  constructor(deps: LogWriterDeps, stop: AbortSignal) {
    this.#deps = deps;
    this.#stop = stop;
  }

  async write(message: JsMsg): Promise<void> {
    if (isRepeated(message.headers)) {
      this.#deps.log.error('room_event_not_by_its_source');
      return message.ack();
    }
    const event = this.#decode(message);
    if (!event) return message.ack();
    const appended = await this.#patiently(message, () => this.#append(message, event));
    if (!appended) return;
    if (appended.status === 'gap') this.#hold({ message, event });
    else {
      message.ack();
      await this.#writeHeld(keyOf(event));
    }
  }

  #hold(held: Held): void {
    const key = keyOf(held.event);
    const others = this.#held.get(key);
    this.#heldCount += 1;
    if (others) {
      others.push(held);
      return;
    }
    this.#held.set(key, [held]);
    // Where too many are held the bus is far out of order: the source knows better, at once.
    setTimeout(() => void this.#askSource(held), this.#heldCount > HELD_EVENTS_MAX ? 0 : HELD_MS);
  }

  /** Those held events of a room whose turn has come. */
  async #writeHeld(key: string): Promise<void> {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#heldCount -= held.length;
    held.sort((a, b) => (a.event.seq < b.event.seq ? -1 : 1));
    for (const each of held) {
      const appended = await this.#patiently(each.message, () => this.#append(each.message, each.event));
      if (!appended) return;
      if (appended.status === 'gap') this.#hold(each);
      else each.message.ack();
    }
  }

  async #askSource({ message, event }: Held): Promise<void> {
    const key = keyOf(event);
    if (!this.#held.has(key)) return;
    const { roomId, source } = event;
    await this.#patiently(message, async () => {
      const appended = await this.#append(message, event);
      if (appended.status === 'gap') await this.#deps.refill.after(roomId, source, appended.after);
    });
    await this.#writeHeld(key);
  }

  async #append(message: JsMsg, event: Decoded): Promise<Appended> {
    const parent = contextFrom(message.headers?.get(RPC_HEADERS.trace));
    return inSpan('room log append', { kind: SpanKind.CONSUMER, parent }, async () => {
      const { roomId, source, seq, logged } = event;
      const traceparent = currentTraceparent();
      const traced =
        traceparent && logged ? { ...logged, entry: { ...logged.entry, trace: traceparent } } : logged;
      const appended = await this.#deps.roomLog.append({ roomId, ...stored(traced), from: { source, seq } });
      this.#deps.metrics.entry(appended.status);
      return appended;
    });
  }

  /** Tries until it works; undefined when the pod stops first. */
  async #patiently<T>(message: JsMsg, work: () => Promise<T>): Promise<T | undefined> {
    while (!this.#stop.aborted) {
      try {
        return await work();
      } catch (error) {
        this.#deps.log.warn('room_event_waits', { error });
        message.working();
        await pause(CONSUMER_RETRY_MS, this.#stop);
      }
    }
    return undefined;
  }

  /** An event that nobody here can read is put away: it would never be logged. */
  #decode(message: JsMsg): Decoded | undefined {
    const source = message.subject.split('.')[1] as EventSource;
    try {
      const [event, logged] =
        source === 'payments'
          ? read(fromBinary(PaymentsEventSchema, message.data), (each) =>
              fromPayments(each, this.#deps.openSender),
            )
          : read(fromBinary(RoomsEventSchema, message.data), fromRooms);
      if (!logged) this.#deps.log.warn('room_event_unknown', { kind: source });
      return { source, roomId: event.roomId, seq: event.seq, logged };
    } catch (error) {
      this.#deps.log.error('room_event_unreadable', { kind: source, error });
    }
    return undefined;
  }
}

function read<E>(event: E, convert: (event: E) => Logged | undefined): [E, Logged | undefined] {
  return [event, convert(event)];
}

function keyOf({ source, roomId }: Decoded): string {
  return `${source}/${roomId}`;
}
