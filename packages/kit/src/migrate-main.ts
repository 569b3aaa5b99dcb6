import { setTimeout as pause } from 'node:timers/promises';
import { createLog, describeError, type Log } from './log.ts';
import { migrate, SchemaError } from './migrate.ts';
import { isPostgresAway, openDatabase, openPool } from './postgres.ts';
import { SettingsError } from './settings.ts';

/** A schema of its role's own, and the SQL files that make it. */
export interface MigratedSchema {
  readonly name: string;
  readonly url: string;
  readonly folder: URL;
}

/** One statement of a migration, and how long another pod's turn may take. */
const STATEMENT_MS_MAX = 600_000;
/** One for the lock, one for the work. */
const CONNECTIONS_MAX = 2;
/** How long PostgreSQL may be away before it is given up. */
const AWAY_MS_MAX = 300_000;
const RETRY_MS = 1_000;

/** A service's `migrate`: brings its schemas up to date and ends, with 0 when they are. Waits for PostgreSQL. */
export async function migrateMain(service: string, schemas: () => readonly MigratedSchema[]): Promise<void> {
  // The first process of a container has no signal handlers but its own. What is under way is rolled back.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(130));
  const log = createLog(`${service}-migrate`, 'info');
  try {
    await migrateSchemas(schemas(), log);
    process.exit(0);
  } catch (error) {
    const forPeople = error instanceof SchemaError || error instanceof SettingsError;
    process.stderr.write(`${forPeople ? error.message : JSON.stringify(describeError(error))}\n`);
    process.exit(1);
  }
}

/** Safe to repeat and to run from several pods at a time: whoever is second waits, and finds all done. */
export async function migrateSchemas(schemas: readonly MigratedSchema[], log: Log): Promise<void> {
  for (const { name, url, folder } of schemas) {
    const pool = openPool(url, `nightjar-${name}-migrate`, CONNECTIONS_MAX, log, {
      statementMsMax: STATEMENT_MS_MAX,
    });
    try {
      await whenThere(() => migrate(openDatabase(pool), folder, log), log);
    } finally {
      await pool.end();
    }
  }
}

async function whenThere(work: () => Promise<void>, log: Log): Promise<void> {
  const endMono = performance.now() + AWAY_MS_MAX;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPostgresAway(error) || performance.now() > endMono) throw error;
      log.warn('postgres_waits', { attempt, error });
      await pause(RETRY_MS);
    }
  }
}
