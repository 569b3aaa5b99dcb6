import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';
import type { OutcomeShare } from '../domain/outcome-share.ts';
import type { EndedResult } from '../domain/tip-result.ts';
import { OUTCOMES_PER_TIP_MAX } from '../limits.ts';

export interface Settlement {
  readonly tipId: string;
  readonly roomId: string;
  readonly result: EndedResult;
  readonly share: OutcomeShare;
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly trace?: string;
}

/** How a tip ended, which need not be what was asked for: what came first stands, and after its time it has expired. */
export interface EndedTip {
  /** Whether it was this call that ended it. */
  readonly ended: boolean;
  readonly result: EndedResult;
  readonly settled: bigint;
  readonly returned: bigint;
  readonly ranMs: number;
  /** The number and the bytes of its event, where this call ended it. */
  readonly seq: bigint | null;
  readonly payload: Buffer | null;
}

const SETTLE = {
  name: 'settle_tip',
  text: `select ended, result, settled, returned, ran_ms as "ranMs", seq, payload
    from settle_tip($1, $2, $3, $4, $5, $6, $7, $8, ${OUTCOMES_PER_TIP_MAX}, $9)`,
};

/** Ends a tip that is in the ledger by its outcome, and keeps the outcome. Safe to repeat. Throws Problem `unavailable`. */
export async function settleTip(pool: pg.Pool, settlement: Settlement): Promise<EndedTip> {
  const { tipId, roomId, result, share, body, signature, publicKey, trace } = settlement;
  const bytes = [body, signature, publicKey].map((each) => Buffer.from(each));
  const values = [tipId, roomId, result, share.settled, share.ranMs, ...bytes, trace ?? null];
  const { rows } = await withPostgres(() => pool.query<EndedTip>({ ...SETTLE, values }));
  const ended = rows[0];
  if (!ended) throw new Error('settle_tip answered nothing');
  return ended;
}
