import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Log } from './log.ts';

/** The database and this build do not fit, in words for people. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Applies the plain SQL files of a folder in the order of their names, each in its own turn and once; safe to repeat and
 * to run from several pods at a time. Forward only: after a rollback of the software the schema is newer than what it
 * knows, which is logged as `schema_is_newer` and is fine.
 *
 * @throws SchemaError when the database has migrations that we do not know, and lacks some that we do
 */
export async function migrate<Tables>(db: Kysely<Tables>, folder: URL, log: Log): Promise<void> {
  const names = await migrationNames(folder);
  if (await isDone(db, names, log)) return;
  const texts = await Promise.all(names.map((name) => readFile(new URL(`${name}.sql`, folder), 'utf8')));
  const migrations = Object.fromEntries(
    names.map((name, i) => [
      name,
      { up: async (tx: Kysely<unknown>) => void (await sql.raw(texts[i] ?? '').execute(tx)) },
    ]),
  );
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  });
  const { error, results } = await migrator.migrateToLatest();
  for (const result of results ?? [])
    log.info('migration', { migration: result.migrationName, code: result.status });
  // A newer build's may have come between our look and our turn.
  if (error && !(await isDone(db, names, log))) throw error;
}

/** The migrations of a folder, in their order. */
export async function migrationNames(folder: URL): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return files.map((name) => name.replace(/\.sql$/, ''));
}

/** Whether all of ours are applied. */
async function isDone<Tables>(db: Kysely<Tables>, names: readonly string[], log: Log): Promise<boolean> {
  const applied = await appliedMigrations(db);
  const unknown = [...applied].filter((name) => !names.includes(name));
  const missing = names.filter((name) => !applied.has(name));
  if (unknown.length > 0 && missing.length > 0)
    throw new SchemaError(
      `the database has migrations that this build does not know (${unknown.join(', ')}) and lacks some of this build (${missing.join(', ')}): ` +
        'another version, or another program, has changed it. Use the build that made them, or a newer one',
    );
  if (unknown.length > 0) log.warn('schema_is_newer', { count: unknown.length });
  return missing.length === 0;
}

/** The names in the table that Kysely keeps in the role's own schema; none where there is no such table yet. */
async function appliedMigrations<Tables>(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const { rows: tables } = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(db);
  if (!tables[0]?.there) return new Set();
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
