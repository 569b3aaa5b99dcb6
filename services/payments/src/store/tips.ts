import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';
import type { EndedResult } from '../domain/tip-result.ts';

/** A tip as it stands in the ledger. Amounts are tokens. */
export interface Tip {
  readonly tipId: string;
  readonly roomId: string;
  readonly amount: bigint;
  readonly durationMs: number | null;
  readonly result: EndedResult | null;
  readonly settled: bigint;
  readonly returned: bigint;
  readonly ranMs: number;
  readonly acceptedAt: Date;
  readonly startBy: Date | null;
  readonly expiresAt: Date | null;
}

const COLUMNS = `tip_id as "tipId", room_id as "roomId", amount, duration_ms as "durationMs", result, settled, returned,
  ran_ms as "ranMs", accepted_at as "acceptedAt", start_by as "startBy", expires_at as "expiresAt"`;

export async function findTipInRoom(pool: pg.Pool, tipId: string, roomId: string): Promise<Tip | undefined> {
  const { rows } = await withPostgres(() =>
    pool.query<Tip>({
      name: 'tip_in_room',
      text: `select ${COLUMNS} from tips where tip_id = $1 and room_id = $2`,
      values: [tipId, roomId],
    }),
  );
  return rows[0];
}

export async function findTipOfWallet(
  pool: pg.Pool,
  tipId: string,
  walletId: string,
): Promise<Tip | undefined> {
  const { rows } = await withPostgres(() =>
    pool.query<Tip>(`select ${COLUMNS} from tips where tip_id = $1 and wallet_id = $2`, [tipId, walletId]),
  );
  return rows[0];
}
