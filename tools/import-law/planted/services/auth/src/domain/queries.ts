import { openPool } from '../../../../packages/kit/src/postgres.ts';

export const pool = openPool();
