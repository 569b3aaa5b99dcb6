import type { Log } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import type { MigrateConfig } from './config.ts';

const CONNECTIONS_MAX = 2;

/** Brings both schemas up to date, each as its own role. Safe to repeat and to run from several pods at a time. */
export async function migrateSchemas({ ledgerUrl, billingUrl }: MigrateConfig, log: Log): Promise<void> {
  for (const [schema, url] of [
    ['ledger', ledgerUrl],
    ['billing', billingUrl],
  ] as const) {
    const pool = openPool(url, `nightjar-${schema}-migrate`, CONNECTIONS_MAX, log);
    try {
      await migrate(openDatabase(pool), new URL(`../migrations/${schema}/`, import.meta.url), log);
    } finally {
      await pool.end();
    }
  }
}
