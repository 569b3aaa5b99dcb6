import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';
import { paymentsProblem } from '../errors.ts';
import { EVENTS_KEPT_DAYS, EVENTS_LISTED_BYTES_MAX } from '../limits.ts';

interface Row {
  readonly seq: bigint;
  readonly payload: Buffer;
}

// Rows up to a sum of bytes, but always one, so that whoever asks gets on.
const within = (order: 'asc' | 'desc') => `
  select seq, payload from (
    select seq, payload, sum(octet_length(payload)) over (order by seq ${order}) - octet_length(payload) as before
    from (select seq, payload from outbox where room_id = $1 and seq > $2 order by seq ${order} limit $3) newest
  ) summed where before < ${EVENTS_LISTED_BYTES_MAX} order by seq`;
const AFTER = within('asc');
const LATEST = within('desc');

/**
 * A room's events as they were published, oldest first and without a gap: after a sequence number, or the latest ones.
 * Throws Problem: `room_events_gone` when the next one is no longer kept, `unavailable`.
 */
export async function listRoomEvents(
  pool: pg.Pool,
  roomId: string,
  afterSeq: bigint | undefined,
  limit: number,
): Promise<Buffer[]> {
  return withPostgres(async () => {
    // Read before the rows: what comes in between is only more than was missed.
    const latest = afterSeq === undefined ? 0n : await latestSeq(pool, roomId);
    const values = [roomId, afterSeq ?? 0n, limit];
    const { rows } = await pool.query<Row>(afterSeq === undefined ? LATEST : AFTER, values);
    if (afterSeq !== undefined) {
      const next = rows[0]?.seq;
      const gone = next === undefined ? latest > afterSeq : next > afterSeq + 1n;
      if (gone) throw paymentsProblem('room_events_gone');
    }
    return rows.map(({ payload }) => payload);
  });
}

async function latestSeq(pool: pg.Pool, roomId: string): Promise<bigint> {
  const { rows } = await pool.query<{ seq: bigint }>(
    "select seq from accounts where owner = $1 and kind = 'escrow'",
    [roomId],
  );
  return rows[0]?.seq ?? 0n;
}

/**
 * Deletes sent events that are older than they are kept, at most so many; answers how many. A room's latest event stays,
 * so that whoever asks for the latest ones learns where the room is. Throws Problem `unavailable`.
 */
export async function cleanOutbox(pool: pg.Pool, rowsMax: number): Promise<number> {
  const { rowCount } = await withPostgres(() =>
    pool.query(
      `delete from outbox where (room_id, seq) in (
         select room_id, outbox.seq from outbox
         join accounts on owner = room_id and kind = 'escrow' and outbox.seq < accounts.seq
         where created_at < now() - ${EVENTS_KEPT_DAYS} * interval '1 day' and sent_at is not null limit $1)`,
      [rowsMax],
    ),
  );
  return rowCount ?? 0;
}
