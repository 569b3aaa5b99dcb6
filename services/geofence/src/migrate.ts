import { createLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { toMigrateConfig } from './config.ts';

const log = createLog('geofence-migrate', 'info');
const pool = openPool(toMigrateConfig(process.env).postgresUrl, 'nightjar-geofence-migrate', 2, log);
try {
  await migrate(openDatabase(pool), new URL('../migrations/', import.meta.url), log);
} finally {
  await pool.end();
}
