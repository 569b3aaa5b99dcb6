import type { Client } from 'pg';
import { asAdmin } from './admin.ts';
import { isPreparedPassword, scramVerifier } from './scram.ts';

/** A role with the schema that it owns, and its password. */
export interface RoleToMake {
  readonly role: string;
  readonly schema: string;
  readonly password: string;
}

/** What the administrator may not do, and the way out; nothing secret is in it. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError';
}

/** From here on making a role does not make its maker a member of it. */
const MEMBERS_BY_GRANT_FROM = 160_000;

/** Every server is made with it; it may have been dropped since. */
const MAINTENANCE_DATABASE = 'postgres';

const NOT_ALLOWED = '42501';
const NO_SUCH_DATABASE = '3D000';

interface Admin {
  readonly superuser: boolean;
  readonly serverVersion: number;
}

/**
 * A database in which each role owns one schema, has it as its search path, and can read no other. Safe to repeat, and
 * from several processes at a time: what is there stays, passwords are set anew. Returns each role's own URL, by schema.
 *
 * @param adminUrl a superuser, or a role that may make roles; the database in it is only where the work begins, and where
 *   there is none of that name, such as the `*` of CloudNativePG's Secrets, it begins in `postgres`
 * @throws ProvisionError what the administrator lacks
 */
export async function provisionPostgres(
  adminUrl: string,
  database: string,
  roles: readonly RoleToMake[],
): Promise<Record<string, string>> {
  const admin = await inSomeDatabase(adminUrl, async (connection) => {
    await waitForOthers(connection, database);
    const me = await whoami(connection);
    await ensureDatabase(connection, database);
    return me;
  });
  const url = withDatabase(adminUrl, database);
  await asAdmin(url.href, async (inside) => {
    // Again, since a lock holds in its own database only, and others may have begun in another one.
    await waitForOthers(inside, database);
    for (const role of roles) await ensureRole(inside, role);
    const ours = await closeToPublic(inside, database);
    for (const role of roles) {
      await letIn(inside, database, role.role, ours);
      await ensureSchema(inside, database, role, admin);
    }
  });
  return Object.fromEntries(
    roles.map(({ role, schema, password }) => {
      const own = new URL(url);
      own.username = role;
      own.password = password;
      return [schema, own.href];
    }),
  );
}

async function inSomeDatabase<T>(adminUrl: string, work: (connection: Client) => Promise<T>): Promise<T> {
  try {
    return await asAdmin(adminUrl, work);
  } catch (error) {
    if (codeOf(error) !== NO_SUCH_DATABASE) throw error;
  }
  try {
    return await asAdmin(withDatabase(adminUrl, MAINTENANCE_DATABASE).href, work);
  } catch (error) {
    if (codeOf(error) !== NO_SUCH_DATABASE) throw error;
    throw new ProvisionError(
      `PostgreSQL has neither the database in its administrator's URL nor one named ${MAINTENANCE_DATABASE}: name one that is there in postgres-admin-url`,
      { cause: error },
    );
  }
}

function withDatabase(adminUrl: string, database: string): URL {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url;
}

/** The lock ends with the connection. Two that make one database at once would both find it missing, and so with roles. */
async function waitForOthers(connection: Client, database: string): Promise<void> {
  await connection.query('select pg_advisory_lock(hashtext($1))', [`nightjar provision ${database}`]);
}

async function whoami(connection: Client): Promise<Admin> {
  const { rows } = await connection.query<{ superuser: boolean; makes_roles: boolean; version: string }>(
    `select rolsuper as superuser, rolcreaterole as makes_roles, current_setting('server_version_num') as version
     from pg_roles where rolname = current_user`,
  );
  const [me] = rows;
  if (!me || !(me.superuser || me.makes_roles))
    throw new ProvisionError(
      "PostgreSQL's administrator may make no roles: as a superuser, alter role … createrole createdb",
    );
  return { superuser: me.superuser, serverVersion: Number(me.version) };
}

async function ensureDatabase(connection: Client, database: string): Promise<void> {
  const { rows } = await connection.query('select 1 from pg_database where datname = $1', [database]);
  if (rows.length > 0) return;
  await explained(
    connection.query(`create database ${connection.escapeIdentifier(database)}`),
    `PostgreSQL's administrator may not make the database: make ${database} yourself, or alter role … createdb`,
  );
}

async function ensureRole(connection: Client, { role, password }: RoleToMake): Promise<void> {
  if (!isPreparedPassword(password))
    throw new ProvisionError(`the password of the role ${role} must be of ASCII's letters, digits and signs`);
  const { rows } = await connection.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = rows.length === 0 ? 'create' : 'alter';
  await explained(
    connection.query(
      `${verb} role ${connection.escapeIdentifier(role)} login password ${connection.escapeLiteral(scramVerifier(password))}`,
    ),
    `the role ${role} is another's: PostgreSQL's administrator may not set its password. Drop it, or as a superuser ` +
      `grant ${role} to … with admin option`,
  );
}

/** Says whether the database is ours; another's is left as it is, and each schema is its role's own all the same. */
async function closeToPublic(connection: Client, database: string): Promise<boolean> {
  const { rows } = await connection.query<{ owner: boolean; may_create: boolean }>(
    `select pg_has_role(datdba, 'usage') as owner, has_database_privilege(oid, 'create') as may_create
     from pg_database where datname = $1`,
    [database],
  );
  const [mine] = rows;
  if (!mine?.may_create)
    throw new ProvisionError(
      `PostgreSQL's administrator may make no schema in ${database}: grant create on database ${database} to it`,
    );
  if (!mine.owner) return false;
  await connection.query(`revoke all on database ${connection.escapeIdentifier(database)} from public`);
  await connection.query('revoke all on schema public from public');
  return true;
}

async function letIn(connection: Client, database: string, role: string, ours: boolean): Promise<void> {
  if (ours) {
    const [db, name] = [connection.escapeIdentifier(database), connection.escapeIdentifier(role)];
    await connection.query(`grant connect on database ${db} to ${name}`);
    return;
  }
  const { rows } = await connection.query<{ may: boolean }>(
    "select has_database_privilege($1, $2, 'connect') as may",
    [role, database],
  );
  if (!rows[0]?.may)
    throw new ProvisionError(
      `${role} may not connect to ${database}, and its owner is another: grant connect on database ${database} to ${role}`,
    );
}

async function ensureSchema(
  connection: Client,
  database: string,
  { role, schema }: RoleToMake,
  admin: Admin,
): Promise<void> {
  const name = connection.escapeIdentifier(role);
  const own = connection.escapeIdentifier(schema);
  if (!admin.superuser) {
    const asRole = admin.serverVersion < MEMBERS_BY_GRANT_FROM ? '' : ' with inherit false, set true';
    await explained(
      connection.query(`grant ${name} to current_user${asRole}`),
      `the role ${role} is another's: as a superuser, grant ${role} to … with admin option`,
    );
  }
  await connection.query(`create schema if not exists ${own} authorization ${name}`);
  const { rows } = await connection.query<{ owner: string }>(
    'select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1',
    [schema],
  );
  if (rows[0]?.owner !== role)
    throw new ProvisionError(
      `the schema ${schema} belongs to another role: alter schema ${schema} owner to ${role}, or use another database`,
    );
  await connection.query(
    `alter role ${name} in database ${connection.escapeIdentifier(database)} set search_path = ${own}`,
  );
}

async function explained(query: Promise<unknown>, wayOut: string): Promise<void> {
  try {
    await query;
  } catch (error) {
    throw codeOf(error) === NOT_ALLOWED ? new ProvisionError(wayOut, { cause: error }) : error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
