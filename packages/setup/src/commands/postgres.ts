import { SCHEMA_ROLES } from '@nightjar/database/schema-roles';
import { createLog } from '@nightjar/kit/log';
import { POSTGRES_SETTINGS, readFor } from '../config.ts';
import { setUpPostgres } from '../postgres.ts';
import { readSetupFile } from '../setup-files.ts';

export async function runPostgres(env: NodeJS.ProcessEnv): Promise<void> {
  const { setupFolder, logLevel } = readFor(POSTGRES_SETTINGS, env);
  const log = createLog('setup', logLevel);
  const read = (name: string) => readSetupFile(setupFolder, name);
  const passwords = new Map<string, string>();
  const adminUrl = await read('postgres-admin-url');
  const database = await read('postgres-database');
  for (const { role } of SCHEMA_ROLES) passwords.set(role, await read(`postgres-password-${role}`));
  await setUpPostgres({ adminUrl, database, passwordOf: (role) => passwords.get(role) ?? '', log });
  log.info('postgres_is_set_up', { count: SCHEMA_ROLES.length });
}
