import { type JetStreamClient, jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { type EventSource, eventSubject, PARTITIONS, partitionOf } from '@nightjar/contracts/subjects';
import type pg from 'pg';
import type { Log } from './log.ts';
import { RPC_HEADERS } from './rpc.ts';

/** Rows sent in one turn of a partition. */
const BATCH_MAX = 256;
/** The pace of the fallback, and of tries while NATS or PostgreSQL is away. */
const POLL_MS = 500;
/** The poll leaves younger rows alone: the process that committed them has them in hand. */
const IN_HAND_MS = 2_000;
/** Another pod is at this partition just now: look again soon, since it may have missed our row. */
const BUSY_RETRY_MS = 15;
const PUBLISH_MS_MAX = 2_000;
/** Rows in hand on their way; more are left to the poll. */
const HANDED_MAX = 1_024;
/** Rows that are out are marked as sent together, after at most this long. */
const MARK_MS = 100;
/** Serialises the relays of all pods per partition; the second key of the lock is the partition. */
const LOCK_CLASS: Record<EventSource, number> = { payments: 0x6e6a01, rooms: 0x6e6a02 };

/** A committed row of the table that each service's migrations make. */
export interface OutboxRow {
  readonly roomId: string;
  readonly seq: bigint;
  /** The middle of the subject: `tip_accepted`. */
  readonly event: string;
  readonly payload: Uint8Array;
  /** The W3C traceparent of what caused it. */
  readonly trace?: string | null;
}

export interface OutboxRelay extends AsyncDisposable {
  /** Sends a row that was committed a moment ago, with the row in hand. */
  hand(row: OutboxRow): void;
  /** Says that rows of this partition were committed that nobody has in hand, so that they go out at once. */
  nudge(partition: number): void;
}

/**
 * Carries committed outbox rows to JetStream. The process that committed a row hands it over, which costs the database
 * nothing on its way; a poll comes back to whatever was left, with a lock by partition that keeps each room's order.
 *
 * A row may be published twice, and rows that two pods handed over at one moment may change places: whoever consumes
 * them takes a room's numbers in order, drops what it has and asks for what it lacks. Row ids and times are not commit
 * order, so nothing here asks for 'greater than the last'. No row is lost.
 */
export function startOutboxRelay(options: {
  pool: pg.Pool;
  nc: NatsConnection;
  source: EventSource;
  log: Log;
}): OutboxRelay {
  const { pool, nc, source, log } = options;
  const js = jetstream(nc, { timeout: PUBLISH_MS_MAX });
  const handed = new Set<Promise<void>>();
  const dirty = new Set<number>();
  const working = new Map<number, Promise<void>>();
  let out: OutboxRow[] = [];
  let marking: NodeJS.Timeout | undefined;
  let stopped = false;

  function hand(row: OutboxRow): void {
    if (stopped || handed.size >= HANDED_MAX) return;
    const sending = publish(js, source, row)
      .then(() => {
        out.push(row);
        marking ??= setTimeout(mark, MARK_MS);
      })
      // The row stays where it is; the poll comes to it.
      .catch((error) => log.warn('outbox_waits', { error }))
      .finally(() => handed.delete(sending));
    handed.add(sending);
  }

  async function mark(): Promise<void> {
    marking = undefined;
    const rows = out;
    out = [];
    // What cannot be marked now is published once more by the poll, and dropped by its number.
    if (rows.length > 0)
      await markSent(pool, rows).catch((error) => log.warn('outbox_mark_failed', { error }));
  }

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
        log.warn('outbox_waits', { partition, error });
        return;
      }
    }
  }

  const poll = setInterval(async () => {
    try {
      const { rows } = await pool.query<{ partition: number }>(
        `select distinct partition from outbox
         where sent_at is null and created_at < now() - ${IN_HAND_MS} * interval '1 ms'`,
      );
      for (const { partition } of rows) nudge(partition);
    } catch (error) {
      log.warn('outbox_poll_failed', { error });
    }
  }, POLL_MS);

  return {
    hand,
    nudge,
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearInterval(poll);
      await Promise.allSettled([...handed, ...working.values()]);
      clearTimeout(marking);
      await mark();
    },
  };
}

interface StoredRow {
  readonly room_id: string;
  readonly seq: bigint;
  readonly event: string;
  readonly payload: Buffer;
  readonly trace: string | null;
}

async function sendBatch(
  pool: pg.Pool,
  js: JetStreamClient,
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
    )) as unknown as [unknown, pg.QueryResult<{ locked: boolean }>, pg.QueryResult<StoredRow>];
    const rows = answers[2].rows.map(({ room_id, ...row }) => ({ roomId: room_id, ...row }));
    if (!answers[1].rows[0]?.locked) {
      await connection.query('rollback');
      return rows.length > 0 ? 'busy' : 'done';
    }
    await Promise.all(rows.map((row) => publish(js, source, row)));
    if (rows.length > 0) await markSent(connection, rows);
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

async function publish(js: JetStreamClient, source: EventSource, row: OutboxRow): Promise<void> {
  const head = headers();
  if (row.trace) head.set(RPC_HEADERS.trace, row.trace);
  await js.publish(eventSubject(source, row.event, partitionOf(row.roomId)), row.payload, {
    msgID: `${source}/${row.roomId}/${row.seq}`,
    headers: head,
  });
}

function markSent(db: Pick<pg.Pool, 'query'>, rows: readonly OutboxRow[]): Promise<unknown> {
  return db.query(
    `update outbox o set sent_at = now() from unnest($1::text[], $2::bigint[]) as sent(room_id, seq)
     where o.room_id = sent.room_id and o.seq = sent.seq`,
    [rows.map(({ roomId }) => roomId), rows.map(({ seq }) => seq)],
  );
}
