import { pool } from '../src/page.ts';

export const shown = pool;
