import { DiscardPolicy, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { FENCE_BUCKET, ROOM_EVENTS_STREAM } from '@nightjar/contracts/subjects';

const DAY_NS = 86_400_000_000_000;
/** As long as outboxes are kept, from which the stream can be rebuilt. */
const KEPT_DAYS = 7;
/** JetStream answers a second publish of one message id within this window as a duplicate: a saving, no guarantee. */
const DEDUPE_NS = 120_000_000_000;

/** Makes the streams and buckets that do not exist yet. Safe to repeat, and from several processes at a time. */
export async function provisionNats(nc: NatsConnection, replicas = 1): Promise<void> {
  const streams = (await jetstreamManager(nc)).streams;
  const config = {
    name: ROOM_EVENTS_STREAM.name,
    subjects: [...ROOM_EVENTS_STREAM.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: KEPT_DAYS * DAY_NS,
    duplicate_window: DEDUPE_NS,
    num_replicas: replicas,
  };
  await streams.add(config);
  await new Kvm(nc).create(FENCE_BUCKET, { history: 1, replicas });
}
