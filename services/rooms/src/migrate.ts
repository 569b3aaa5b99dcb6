import { createLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { toConfig } from './config.ts';

export const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** Applies the migrations and ends. It takes the settings of the service itself. */
if (import.meta.main) {
  const { postgresUrl, logLevel } = toConfig(process.env);
  const log = createLog('rooms', logLevel);
  await using db = openDatabase(openPool(postgresUrl, 'rooms-migrate', 1, log));
  await migrate(db, MIGRATIONS, log);
}
