import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Log } from './log.ts';

/**
 * Applies the plain SQL files of a folder in the order of their names, each in its own turn and once; safe to repeat and
 * to run from several pods at a time. Forward only: a rollback of the software runs on the newer schema.
 */
export async function migrate<Tables>(db: Kysely<Tables>, folder: URL, log: Log): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  const migrations = Object.fromEntries(
    files.map((name, i) => [
      name.replace(/\.sql$/, ''),
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
  if (error) throw error;
}
