import type pg from 'pg';
import type { Log } from './log.ts';
import { migrationNames } from './migrate.ts';

/** How often it is asked whether the schema is there. */
const ASK_EVERY_MS = 1_000;
/** The first wait is said, and then each so many-th. */
const SAY_EVERY = 30;

export interface SchemaPart {
  readonly pool: pg.Pool;
  /** The SQL files that this build knows. */
  readonly folder: URL;
}

export interface Schema extends AsyncDisposable {
  /** Whether all migrations that this build knows are applied. Once so, it is so for ever, and is not asked again. */
  there(): boolean;
  /** Resolves when they are. */
  readonly arrived: Promise<void>;
}

/**
 * Waits for what `migrate` does: a service is rolled out at the same time as its migrations, and must not work on tables
 * that are not there. A newer schema is fine.
 */
export function watchSchema(parts: readonly SchemaPart[], log: Log): Schema {
  let there = false;
  let stopped = false;
  let wake = () => {};
  const arrival = Promise.withResolvers<void>();

  async function wait(): Promise<void> {
    for (let attempt = 1; !stopped; attempt += 1) {
      const [missing, error] = await firstMissing(parts).then(
        (name) => [name, undefined] as const,
        (reason: unknown) => [undefined, reason] as const,
      );
      if (missing === undefined && error === undefined) {
        there = true;
        arrival.resolve();
        return;
      }
      if (attempt % SAY_EVERY === 1)
        log.warn('schema_waits', {
          attempt,
          ...(missing === undefined ? { error } : { migration: missing }),
        });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ASK_EVERY_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  const waiting = wait();

  return {
    there: () => there,
    arrived: arrival.promise,
    async [Symbol.asyncDispose]() {
      stopped = true;
      wake();
      await waiting;
    },
  };
}

/** The first migration that is not applied; undefined when there is none. */
async function firstMissing(parts: readonly SchemaPart[]): Promise<string | undefined> {
  for (const { pool, folder } of parts) {
    const names = await migrationNames(folder);
    const { rows: tables } = await pool.query<{ there: boolean }>(
      "select to_regclass('kysely_migration') is not null as there",
    );
    if (!tables[0]?.there) return names[0];
    const { rows } = await pool.query<{ name: string }>(
      'select name from unnest($1::text[]) as name where name not in (select name from kysely_migration) order by name limit 1',
      [names],
    );
    if (rows[0]) return rows[0].name;
  }
  return undefined;
}
