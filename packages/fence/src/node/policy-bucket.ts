import { JetStreamError, type JetStreamManager } from '@nats-io/jetstream';
import { FENCE_STREAM, fencePolicySubject } from '@nightjar/contracts/subjects';

/** A place in the bucket of policies, from which reading goes on; another `created` is another bucket. */
export interface BucketMark {
  readonly created: string;
  readonly lastSeq: number;
}

export interface BucketState extends BucketMark {
  /** Keys that the bucket has, those with a mark of deletion included. */
  readonly messages: number;
}

/** What stands in the bucket for one room; `bytes` are empty after a deletion. */
export interface BucketEntry {
  readonly roomId: string;
  readonly bytes: Uint8Array;
  readonly seq: number;
}

const BATCH_MAX = 256;
const BATCH_MS_MAX = 3_000;
/** How JetStream says that there is no message from that sequence on. */
const NOTHING_THERE = 404;
const PREFIX = fencePolicySubject('');

export function roomIdOf(subject: string): string {
  return subject.slice(PREFIX.length);
}

/** Where the bucket stands. Throws what JetStream says, when there is no bucket or no answer. */
export async function bucketState(jsm: JetStreamManager): Promise<BucketState> {
  const { created, state } = await jsm.streams.info(FENCE_STREAM);
  return { created: String(created), lastSeq: state.last_seq, messages: state.messages };
}

/** The first sequence to read: behind the mark, or the very first when the bucket is another, or was set back. */
export function readFrom(mark: BucketMark | undefined, state: BucketState): number {
  return mark && mark.created === state.created && mark.lastSeq <= state.lastSeq ? mark.lastSeq + 1 : 1;
}

/**
 * Reads the entries from one sequence to another in batches, with no consumer on the server. Answers how far it came: any
 * copy of the bucket may answer, and one may be a moment behind the state that another told us.
 */
export async function readEntries(
  jsm: JetStreamManager,
  fromSeq: number,
  toSeq: number,
  each: (entry: BucketEntry) => Promise<void>,
): Promise<number> {
  let next = fromSeq;
  while (next <= toSeq) {
    const entries = await readBatch(jsm, next);
    for (const entry of entries) await each(entry);
    const last = entries.at(-1);
    // Nothing is left there: deleted or overwritten since we looked, and then what is newer is read the next time.
    if (!last) break;
    next = last.seq + 1;
  }
  return next - 1;
}

async function readBatch(jsm: JetStreamManager, seq: number): Promise<BucketEntry[]> {
  const entries: BucketEntry[] = [];
  const batch = await jsm.direct.getBatch(FENCE_STREAM, { seq, batch: BATCH_MAX });
  const late = setTimeout(() => batch.stop(new Error('a batch of policies did not end')), BATCH_MS_MAX);
  try {
    for await (const message of batch)
      entries.push({ roomId: roomIdOf(message.subject), bytes: message.data, seq: message.seq });
  } catch (error) {
    if (!(error instanceof JetStreamError && 'code' in error && error.code === NOTHING_THERE)) throw error;
  } finally {
    clearTimeout(late);
  }
  return entries;
}
