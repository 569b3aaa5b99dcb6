import { provisionPostgres } from '@nightjar/database/provision';
import { type RoleName, SCHEMA_ROLES } from '@nightjar/database/schema-roles';
import type { Log } from '@nightjar/kit/log';
import { isPostgresAway } from '@nightjar/kit/postgres';
import { SetupError } from './setup-error.ts';
import { waitForServer } from './wait-for-server.ts';

export interface PostgresToSetUp {
  /** Of a superuser, or of a role that may make roles. */
  readonly adminUrl: string;
  readonly database: string;
  passwordOf(role: RoleName): string;
  readonly log: Log;
}

/**
 * Waits for PostgreSQL, then makes what is missing: the database, and a role and a schema for each service.
 *
 * @throws SetupError, ProvisionError with the way out
 */
export async function setUpPostgres({ adminUrl, database, passwordOf, log }: PostgresToSetUp): Promise<void> {
  const roles = SCHEMA_ROLES.map(({ role, schema }) => ({ role, schema, password: passwordOf(role) }));
  try {
    await waitForServer(() => provisionPostgres(adminUrl, database, roles), {
      name: `PostgreSQL at ${new URL(adminUrl).host}`,
      peer: 'postgres',
      isAway: isPostgresAway,
      log,
    });
  } catch (error) {
    throw signInRefused(error) ?? error;
  }
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
