import { withPostgres } from '@nightjar/kit/postgres';
import type pg from 'pg';

export interface ExpiredTip {
  readonly tipId: string;
  readonly partition: number;
}

/** Gives back at most so many holds that are past their time, by the database's clock. Throws Problem `unavailable`. */
export async function expireTips(pool: pg.Pool, tipsMax: number): Promise<ExpiredTip[]> {
  const { rows } = await withPostgres(() =>
    pool.query<ExpiredTip>({
      name: 'expire_tips',
      text: 'select tip_id as "tipId", partition from expire_tips($1)',
      values: [tipsMax],
    }),
  );
  return rows;
}
