import { randomUUID } from 'node:crypto';
import { OUTCOME_GRACE_MS } from '@nightjar/contracts/effect';
import { partitionOf } from '@nightjar/contracts/subjects';
import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';
import type { PaymentsProblemCode } from '../errors.ts';

/** A checked tip on its way into the ledger. */
export interface TipToTake {
  readonly tipId: string;
  readonly roomId: string;
  readonly walletId: string;
  readonly amount: bigint;
  readonly digest: Buffer;
  /** When the wallet's order ends; milliseconds since 1970. */
  readonly orderExpiresAt: number;
  /** Of the effect; none for a plain tip, which is transferred at once. */
  readonly effect?: { readonly durationMs: number; readonly startWithinMs: number };
  /** A RoomEvent with `tip_accepted` in it, but for what the ledger decides: seq, at, start_by. */
  readonly event: Uint8Array;
  readonly trace?: string;
}

type Refusal = Extract<
  PaymentsProblemCode,
  'tip_id_taken' | 'wallet_unknown' | 'tip_order_expired' | 'insufficient_tokens'
>;

export type TakenTip =
  | {
      readonly code: 'accepted' | 'again';
      readonly seq: bigint;
      readonly held: boolean;
      readonly startBy: Date | null;
      /** Its event, where this call accepted it. */
      readonly payload: Buffer | null;
    }
  | { readonly code: Refusal };

interface Row {
  readonly code: 'accepted' | 'again' | Refusal;
  readonly seq: bigint;
  readonly held: boolean;
  readonly startBy: Date | null;
  readonly payload: Buffer | null;
}

const ANSWER = 'code, seq, held, start_by as "startBy", payload';
const TAKE_ONE = {
  name: 'take_tip',
  text: `select ${ANSWER} from take_tip($1, $2, $3, $4, $5, $6, $7, $8, $9, ${OUTCOME_GRACE_MS}, $10, $11)`,
};
const TAKE_MANY = {
  name: 'take_tips',
  text: `select ${ANSWER} from take_tips($1, $2, $3, $4, $5, $6, $7, $8, $9, ${OUTCOME_GRACE_MS}, $10, $11) order by n`,
};
/** What each tip says to them. */
const VALUES = 11;
/** A race for one id in two rooms is over when the other has committed. */
const RACES_MAX = 3;

/**
 * Takes a batch of tips in one call and one commit, answered in order. Tips of one batch must differ in id and in wallet.
 * Safe to repeat. Throws Problem `unavailable`.
 */
export async function takeTips(pool: pg.Pool, tips: readonly TipToTake[]): Promise<TakenTip[]> {
  const query = toQuery(tips);
  for (let attempt = 1; ; attempt++) {
    try {
      const { rows } = await withPostgres(() => pool.query<Row>(query));
      return rows.map((row) =>
        row.code === 'accepted' || row.code === 'again' ? { ...row, code: row.code } : { code: row.code },
      );
    } catch (error) {
      if (!isSameIdElsewhere(error) || attempt === RACES_MAX) throw error;
    }
  }
}

/** Lets a connection make the plans that tips need, by one that is taken and never was. */
export async function warmTakeTips(connection: pg.PoolClient): Promise<void> {
  const walletId = randomUUID();
  const tip = { tipId: randomUUID(), roomId: randomUUID(), walletId, amount: 1n, digest: Buffer.alloc(32) };
  const effect = { durationMs: 1, startWithinMs: 1 };
  const orderExpiresAt = Number.MAX_SAFE_INTEGER;
  await connection.query('begin');
  try {
    await connection.query(`insert into accounts (kind, owner, credits) values ('wallet', $1, 1)`, [
      walletId,
    ]);
    await connection.query(toQuery([{ ...tip, orderExpiresAt, effect, event: Buffer.alloc(1) }]));
    await connection.query(toQuery([]));
  } finally {
    await connection.query('rollback');
  }
}

function toQuery(tips: readonly TipToTake[]): pg.QueryConfig {
  const rows = tips.map(toValues);
  const [alone, second] = rows;
  if (alone && !second) return { ...TAKE_ONE, values: alone };
  return { ...TAKE_MANY, values: Array.from({ length: VALUES }, (_, i) => rows.map((row) => row[i])) };
}

/** In the order of both functions' parameters. */
function toValues(tip: TipToTake): unknown[] {
  const { tipId, roomId, walletId, amount, digest, orderExpiresAt, effect, event, trace } = tip;
  return [
    tipId,
    roomId,
    partitionOf(roomId),
    walletId,
    amount,
    digest,
    orderExpiresAt,
    effect?.startWithinMs ?? null,
    effect?.durationMs ?? null,
    Buffer.from(event),
    trace ?? null,
  ];
}

/** The same tip id came for another room at the same moment; once that has committed it is found and refused. */
function isSameIdElsewhere(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'tips_pkey';
}
