import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { type EventSource, eventSubject, PARTITIONS } from '@nightjar/contracts/subjects';
import type pg from 'pg';
import type { Log } from './log.ts';
import { RPC_HEADERS } from './rpc.ts';

/** Rows sent in one turn of a partition. */
const BATCH_MAX = 256;
/** The fallback for a nudge that was lost with its process, and the pace of tries while NATS or PostgreSQL is away. */
const POLL_MS = 500;
/** Another pod is at this partition just now: look again soon, since it may have missed our row. */
const BUSY_RETRY_MS = 15;
const PUBLISH_MS_MAX = 2_000;
/** Serialises the relays of all pods per partition; the second key of the lock is the partition. */
const LOCK_CLASS: Record<EventSource, number> = { payments: 0x6e6a01, rooms: 0x6e6a02 };
/** The table that each service's migrations make: `outbox(room_id, seq, partition, event, payload, trace, sent_at)`. */
interface OutboxRow {
  readonly room_id: string;
  readonly seq: bigint;
  readonly event: string;
  readonly payload: Buffer;
  readonly trace: string | null;
}

export interface OutboxRelay extends AsyncDisposable {
  /** Says that a row of this partition was committed, so that it goes out at once. */
  nudge(partition: number): void;
}

/**
 * Carries committed outbox rows to JetStream. Each room's order is kept: its sequence is taken under a row lock held to
 * the commit, so the unsent rows that a relay sees have no gap, and one relay at a time works a partition. Row ids and
 * times are not commit order, so nothing here asks for 'greater than the last'. A row may be published twice, never lost.
 */
export function startOutboxRelay(options: {
  pool: pg.Pool;
  nc: NatsConnection;
  source: EventSource;
  log: Log;
}): OutboxRelay {
  const { pool, nc, source, log } = options;
  const js = jetstream(nc, { timeout: PUBLISH_MS_MAX });
  const dirty = new Set<number>();
  const working = new Map<number, Promise<void>>();
  let stopped = false;

  function nudge(partition: number): void {
    dirty.add(partition);
    if (stopped || working.has(partition)) return;
    const work = workOff(partition).finally(() => {
      working.delete(partition);
      // A nudge that came while the last turn was ending.
      if (dirty.has(partition) && !stopped) nudge(partition);
    });
    working.set(partition, work);
  }

  async function workOff(partition: number): Promise<void> {
    while (dirty.delete(partition) && !stopped) {
      try {
        const turn = await sendBatch(pool, js, source, partition);
        if (turn === 'more') dirty.add(partition);
        if (turn === 'busy') setTimeout(() => nudge(partition), BUSY_RETRY_MS).unref();
      } catch (error) {
        // The rows stay where they are; the poll comes back to them.
        log.warn('outbox_waits', { partition, error });
        return;
      }
    }
  }

  const poll = setInterval(async () => {
    try {
      const { rows } = await pool.query<{ partition: number }>(
        'select distinct partition from outbox where sent_at is null',
      );
      for (const row of rows) nudge(row.partition);
    } catch (error) {
      log.warn('outbox_poll_failed', { error });
    }
  }, POLL_MS);

  return {
    nudge,
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearInterval(poll);
      await Promise.allSettled(working.values());
    },
  };
}

async function sendBatch(
  pool: pg.Pool,
  js: ReturnType<typeof jetstream>,
  source: EventSource,
  partition: number,
): Promise<'done' | 'more' | 'busy'> {
  if (!Number.isInteger(partition) || partition < 0 || partition >= PARTITIONS)
    throw new RangeError('no such partition');
  const connection = await pool.connect();
  let broken: Error | undefined;
  try {
    // One round trip for three statements; numbers only, so nothing needs quoting.
    const answers = (await connection.query(
      `begin; select pg_try_advisory_xact_lock(${LOCK_CLASS[source]}, ${partition}) as locked;
       select room_id, seq, event, payload, trace from outbox
       where sent_at is null and partition = ${partition} order by room_id, seq limit ${BATCH_MAX}`,
    )) as unknown as [unknown, pg.QueryResult<{ locked: boolean }>, pg.QueryResult<OutboxRow>];
    const rows = answers[2].rows;
    if (!answers[1].rows[0]?.locked) {
      await connection.query('rollback');
      return rows.length > 0 ? 'busy' : 'done';
    }
    await Promise.all(rows.map((row) => publish(js, source, partition, row)));
    if (rows.length > 0) {
      // Losing this commit in a crash costs a second publish, which the log drops by its sequence: no need to wait for the disk.
      await connection.query('set local synchronous_commit = off');
      await connection.query(
        'update outbox o set sent_at = now() from unnest($1::text[], $2::bigint[]) as sent(room_id, seq) where o.room_id = sent.room_id and o.seq = sent.seq',
        [rows.map((row) => row.room_id), rows.map((row) => row.seq)],
      );
    }
    await connection.query('commit');
    return rows.length === BATCH_MAX ? 'more' : 'done';
  } catch (error) {
    broken = error instanceof Error ? error : new Error('outbox turn failed');
    throw error;
  } finally {
    // A connection in an unknown state is closed, which also frees its lock.
    connection.release(broken);
  }
}

async function publish(
  js: ReturnType<typeof jetstream>,
  source: EventSource,
  partition: number,
  row: OutboxRow,
): Promise<void> {
  const head = headers();
  if (row.trace) head.set(RPC_HEADERS.trace, row.trace);
  await js.publish(eventSubject(source, row.event, partition), row.payload, {
    msgID: `${source}/${row.room_id}/${row.seq}`,
    headers: head,
  });
}
