import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamAPI,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type NatsConnection, TimeoutError } from '@nats-io/transport-node';
import { FENCE_STREAM, fencePolicySubject, ROOM_EVENTS_STREAM } from '@nightjar/contracts/subjects';

const DAY_NS = 86_400_000_000_000;
/** As long as outboxes are kept, from which the stream can be rebuilt. */
const KEPT_DAYS = 7;
/** JetStream answers a second publish of one message id within this window as a duplicate: a saving, no guarantee. */
const DEDUPE_NS = 120_000_000_000;

/** How often it is tried to make what JetStream does not answer about. */
const ATTEMPTS_MAX = 3;
/** How JetStream says that a stream of this name is there, with another form. */
const NAME_TAKEN = 10_058;

type Wanted = Partial<StreamConfig> & Pick<StreamConfig, 'name'>;

function roomEvents(copies: number): Wanted {
  return {
    name: ROOM_EVENTS_STREAM.name,
    subjects: [...ROOM_EVENTS_STREAM.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: KEPT_DAYS * DAY_NS,
    duplicate_window: DEDUPE_NS,
    num_replicas: copies,
  };
}

/** A bucket of the key-value store is a stream of this form (NATS's ADR-8), with one message kept for each key. */
function fencePolicies(copies: number): Wanted {
  return {
    name: FENCE_STREAM,
    subjects: [fencePolicySubject('>')],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    allow_rollup_hdrs: true,
    allow_direct: true,
    num_replicas: copies,
  };
}

/** Makes the stream of room events where there is none. One that is there stays as it is: it is for `updateNats` to change. */
export async function provisionRoomEvents(nc: NatsConnection, copies: number): Promise<void> {
  await makeMissing(await streamsOf(nc), roomEvents(copies));
}

/** Makes the bucket of fence policies where there is none, and leaves it otherwise. */
export async function provisionFencePolicies(nc: NatsConnection, copies: number): Promise<void> {
  await makeMissing(await streamsOf(nc), fencePolicies(copies));
}

/** Makes the streams and buckets that do not exist yet. Safe to repeat, and from several processes at a time. */
export async function provisionNats(nc: NatsConnection, copies = 1): Promise<void> {
  await provisionRoomEvents(nc, copies);
  await provisionFencePolicies(nc, copies);
}

/**
 * The same, and gives those that exist the form and the number of copies that they should have. For the operator's setup
 * alone: services that were given different numbers would change them to and fro.
 *
 * @throws JetStreamApiError where the server has no room for so many copies, or cannot change what is there.
 */
export async function updateNats(nc: NatsConnection, copies: number): Promise<void> {
  const streams = await streamsOf(nc);
  for (const wanted of [roomEvents(copies), fencePolicies(copies)]) {
    const { name, ...config } = wanted;
    if (await exists(streams, name)) await streams.update(name, config);
    else await streams.add(wanted);
  }
}

// Without its check: no service has a right to ask for the account's figures.
async function streamsOf(nc: NatsConnection): Promise<StreamAPI> {
  return (await jetstreamManager(nc, { checkAPI: false })).streams;
}

async function makeMissing(streams: StreamAPI, wanted: Wanted): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Asked first, since who may not make streams may do without.
      if (await exists(streams, wanted.name)) return;
      await streams.add(wanted);
      return;
    } catch (error) {
      // Somebody else made it just now, with another number of copies.
      if (says(error, NAME_TAKEN)) return;
      // A cluster need not answer all who make one stream at a moment.
      if (!(error instanceof TimeoutError) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function exists(streams: StreamAPI, name: string): Promise<boolean> {
  try {
    await streams.info(name);
    return true;
  } catch (error) {
    if (says(error, JetStreamApiCodes.StreamNotFound)) return false;
    throw error;
  }
}

function says(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
