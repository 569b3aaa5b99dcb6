import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  EVENT_SOURCES,
  PARTITIONS,
  partitionFilter,
  ROOM_EVENTS_STREAM,
  roomLogConsumer,
} from '@nightjar/contracts/subjects';
import {
  CONSUMER_RETRY_MS,
  ROOM_EVENTS_ACK_MS,
  ROOM_EVENTS_FETCH_MAX,
  ROOM_EVENTS_PIN_MS,
  ROOM_EVENTS_PULL_MS,
} from '../limits.ts';
import { LogWriter, type LogWriterDeps } from './log-writer.ts';
import { pause } from './pause.ts';

const MS_NS = 1_000_000;
const GROUP = 'events';

interface Deps extends LogWriterDeps {
  readonly nc: NatsConnection;
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
      const writer = new LogWriter(deps, stop);
      for await (const message of messages) await writer.write(message);
    } catch (error) {
      if (!stop.aborted) deps.log.warn('room_events_wait', { partition, error });
    } finally {
      stop.removeEventListener('abort', end);
      await messages?.close().catch(() => {});
    }
    await pause(CONSUMER_RETRY_MS, stop);
  }
}

/**
 * Makes the consumers that are not there yet. A pod is not ready before: an event that comes when its partition has no
 * consumer is missed until the next one of its room.
 */
export async function makeConsumers(nc: NatsConnection): Promise<void> {
  await Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => makeConsumer(nc, partition)));
}

async function makeConsumer(nc: NatsConnection, partition: number): Promise<void> {
  await (await jetstreamManager(nc, { checkAPI: false })).consumers.add(ROOM_EVENTS_STREAM.name, {
    durable_name: roomLogConsumer(partition),
    filter_subjects: EVENT_SOURCES.map((source) => partitionFilter(source, partition)),
    ack_policy: AckPolicy.Explicit,
    ack_wait: ROOM_EVENTS_ACK_MS * MS_NS,
    // What happened before the first consumer was made is read from the sources when a room is opened.
    deliver_policy: DeliverPolicy.New,
    priority_groups: [GROUP],
    priority_policy: 'pinned_client',
    priority_timeout: ROOM_EVENTS_PIN_MS * MS_NS,
  });
}

async function consume(nc: NatsConnection, partition: number): Promise<ConsumerMessages> {
  await makeConsumer(nc, partition);
  const consumer = await jetstream(nc).consumers.get(ROOM_EVENTS_STREAM.name, roomLogConsumer(partition));
  return consumer.consume({
    max_messages: ROOM_EVENTS_FETCH_MAX,
    // Only a pull renews the pin. A quiet partition must pull before its pin lapses: an event that meets a lapsed pin can
    // wait for the one after it.
    expires: ROOM_EVENTS_PULL_MS,
    group: GROUP,
    abort_on_missing_resource: true,
  } as Parameters<typeof consumer.consume>[0]);
}
