import { fromBinary } from '@bufbuild/protobuf';
import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { RoomEventSchema as PaymentsEventSchema } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import { RoomEventSchema as RoomsEventSchema } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import {
  EVENT_SOURCES,
  type EventSource,
  PARTITIONS,
  partitionFilter,
  ROOM_EVENTS_STREAM,
  roomLogConsumer,
} from '@nightjar/contracts/subjects';
import type { Log } from '@nightjar/kit/log';
import { RPC_HEADERS } from '@nightjar/kit/rpc';
import { contextFrom, currentTraceparent, inSpan, SpanKind } from '@nightjar/kit/telemetry';
import { fromPayments, fromRooms, type Logged, type OpenSender } from '../domain/log-entry.ts';
import { CONSUMER_RETRY_MS } from '../limits.ts';
import { type Refill, stored } from '../log/refill.ts';
import type { RoomLog } from '../log/room-log.ts';
import type { Metrics } from '../metrics.ts';

const SECOND_NS = 1_000_000_000;
/** A pod that is silent for so long loses its partitions to another. */
const PIN_SECONDS = 5;
const ACK_SECONDS = 10;
const GROUP = 'events';
const FETCH_MAX = 64;

interface Deps {
  readonly nc: NatsConnection;
  readonly roomLog: RoomLog;
  readonly refill: Refill;
  readonly openSender: OpenSender;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Follows all partitions of the room events and puts each event into its room's log. Every partition has one durable
 * consumer that is pinned to one pod at a time, which keeps the work apart; that the log is right does not rest on it:
 * the log takes each source's events in the order of their numbers only, and what is missing is asked of the source.
 */
export function followRoomEvents(deps: Deps): AsyncDisposable {
  const stopping = new AbortController();
  const workers = Array.from({ length: PARTITIONS }, (_, partition) =>
    followPartition(deps, partition, stopping.signal),
  );
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.allSettled(workers);
    },
  };
}

async function followPartition(deps: Deps, partition: number, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    let messages: ConsumerMessages | undefined;
    const end = () => void messages?.close();
    stop.addEventListener('abort', end);
    try {
      messages = await consume(deps.nc, partition);
      if (stop.aborted) end();
      for await (const message of messages) {
        if (!(await untilLogged(deps, message, stop))) break;
        message.ack();
      }
    } catch (error) {
      if (!stop.aborted) deps.log.warn('room_events_wait', { partition, error });
    } finally {
      stop.removeEventListener('abort', end);
      await messages?.close().catch(() => {});
    }
    await pause(CONSUMER_RETRY_MS, stop);
  }
}

async function consume(nc: NatsConnection, partition: number): Promise<ConsumerMessages> {
  const name = roomLogConsumer(partition);
  await (await jetstreamManager(nc)).consumers.add(ROOM_EVENTS_STREAM.name, {
    durable_name: name,
    filter_subjects: EVENT_SOURCES.map((source) => partitionFilter(source, partition)),
    ack_policy: AckPolicy.Explicit,
    ack_wait: ACK_SECONDS * SECOND_NS,
    // What happened before the first consumer was made is read from the sources when a room is opened.
    deliver_policy: DeliverPolicy.New,
    priority_groups: [GROUP],
    priority_policy: 'pinned_client',
    priority_timeout: PIN_SECONDS * SECOND_NS,
  });
  const consumer = await jetstream(nc).consumers.get(ROOM_EVENTS_STREAM.name, name);
  return consumer.consume({
    max_messages: FETCH_MAX,
    group: GROUP,
    abort_on_missing_resource: true,
  } as Parameters<typeof consumer.consume>[0]);
}

/** Tries until the event is in the log; false when the pod stops first. An event that can never be logged is put away. */
async function untilLogged(deps: Deps, message: JsMsg, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted) {
    try {
      const parent = contextFrom(message.headers?.get(RPC_HEADERS.trace));
      await inSpan('room log append', { kind: SpanKind.CONSUMER, parent }, () => toLog(deps, message));
      return true;
    } catch (error) {
      deps.log.warn('room_event_waits', { error });
      message.working();
      await pause(CONSUMER_RETRY_MS, stop);
    }
  }
  return false;
}

async function toLog(deps: Deps, message: JsMsg): Promise<void> {
  const source = message.subject.split('.')[1] as EventSource;
  const decoded = decode(source, message.data, deps.openSender);
  if (!decoded) {
    deps.log.error('room_event_unreadable', { kind: source });
    return;
  }
  const { roomId, seq, logged } = decoded;
  const traceparent = currentTraceparent();
  const traced = traceparent ? { ...logged, entry: { ...logged.entry, trace: traceparent } } : logged;
  const append = { roomId, ...stored(traced), from: { source, seq } };
  const first = await deps.roomLog.append(append);
  deps.metrics.entry(first.status);
  if (first.status !== 'gap') return;
  await deps.refill.after(roomId, source, first.after);
  const second = await deps.roomLog.append(append);
  if (second.status === 'gap') throw new Error('the source does not give what is missing');
}

function decode(
  source: EventSource,
  data: Uint8Array,
  openSender: OpenSender,
): { roomId: string; seq: bigint; logged: Logged } | undefined {
  const event =
    source === 'payments' ? fromBinary(PaymentsEventSchema, data) : fromBinary(RoomsEventSchema, data);
  const logged =
    event.$typeName === 'nightjar.payments.v1.RoomEvent' ? fromPayments(event, openSender) : fromRooms(event);
  return logged ? { roomId: event.roomId, seq: event.seq, logged } : undefined;
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    }
    stop.addEventListener('abort', done);
  });
}
