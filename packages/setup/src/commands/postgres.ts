import { provisionPostgres } from '@nightjar/database/provision';
import { SCHEMA_ROLES } from '@nightjar/database/schema-roles';
import { createLog } from '@nightjar/kit/log';
import { isPostgresAway } from '@nightjar/kit/postgres';
import { POSTGRES_SETTINGS, readFor } from '../config.ts';
import { SetupError } from '../setup-error.ts';
import { readSetupFile } from '../setup-files.ts';
import { waitForServer } from '../wait-for-server.ts';

export async function runPostgres(env: NodeJS.ProcessEnv): Promise<void> {
  const { setupFolder, logLevel } = readFor(POSTGRES_SETTINGS, env);
  const log = createLog('setup', logLevel);
  const read = (name: string) => readSetupFile(setupFolder, name);
  const adminUrl = await read('postgres-admin-url');
  const database = await read('postgres-database');
  const roles = await Promise.all(
    SCHEMA_ROLES.map(async ({ role, schema }) => ({
      role,
      schema,
      password: await read(`postgres-password-${role}`),
    })),
  );
  const { host } = new URL(adminUrl);
  try {
    await waitForServer(() => provisionPostgres(adminUrl, database, roles), {
      name: `PostgreSQL at ${host}`,
      peer: 'postgres',
      isAway: isPostgresAway,
      log,
    });
  } catch (error) {
    throw signInRefused(error) ?? error;
  }
  log.info('postgres_is_set_up', { count: roles.length });
}

// Class 28 of SQLSTATE: invalid authorization.
function signInRefused(error: unknown): SetupError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('28')) return undefined;
  return new SetupError(
    `PostgreSQL refuses its administrator (${code}): correct postgres-admin-url, or the superuser's password; a database that was made with another one keeps that`,
    { cause: error },
  );
}
