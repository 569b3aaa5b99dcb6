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
  readonly n: bigint;
  readonly code: 'accepted' | 'again' | Refusal;
  readonly seq: bigint;
  readonly held: boolean;
  readonly start_by: Date | null;
  readonly payload: Buffer | null;
}

const TAKE = {
  name: 'take_tips',
  text: `select n, code, seq, held, start_by, payload from take_tips($1, $2, $3, $4, $5, $6, $7, $8, $9, ${OUTCOME_GRACE_MS}, $10, $11) order by n`,
};
/** A race for one id in two rooms is over when the other has committed. */
const RACES_MAX = 3;

/**
 * Takes a batch of tips in one call and one commit, answered in order. Tips of one batch must differ in id and in wallet.
 * Safe to repeat. Throws Problem `unavailable`.
 */
export async function takeTips(pool: pg.Pool, tips: readonly TipToTake[]): Promise<TakenTip[]> {
  const values = [
    tips.map(({ tipId }) => tipId),
    tips.map(({ roomId }) => roomId),
    tips.map(({ roomId }) => partitionOf(roomId)),
    tips.map(({ walletId }) => walletId),
    tips.map(({ amount }) => amount),
    tips.map(({ digest }) => digest),
    tips.map(({ orderExpiresAt }) => orderExpiresAt),
    tips.map(({ effect }) => effect?.startWithinMs ?? null),
    tips.map(({ effect }) => effect?.durationMs ?? null),
    tips.map(({ event }) => Buffer.from(event)),
    tips.map(({ trace }) => trace ?? null),
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      const { rows } = await withPostgres(() => pool.query<Row>({ ...TAKE, values }));
      return rows.map(({ code, seq, held, start_by, payload }) =>
        code === 'accepted' || code === 'again' ? { code, seq, held, startBy: start_by, payload } : { code },
      );
    } catch (error) {
      if (!isSameIdElsewhere(error) || attempt === RACES_MAX) throw error;
    }
  }
}

/** The same tip id came for another room at the same moment; once that has committed it is found and refused. */
function isSameIdElsewhere(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'tips_pkey';
}
