import { Client } from 'pg';

const CONNECT_MS_MAX = 3_000;

export interface SchemaRole {
  readonly role: string;
  readonly schema: string;
  readonly password: string;
}

/**
 * A database in which each role owns one schema, has it as its search path, and can read no other. Safe to repeat: what
 * is there stays, passwords are set anew. Returns each role's own URL.
 */
export async function provisionPostgres(
  adminUrl: string,
  database: string,
  roles: readonly SchemaRole[],
): Promise<Record<string, string>> {
  const url = new URL(adminUrl);
  await asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query('select 1 from pg_database where datname = $1', [database]);
    if (rows.length === 0) await admin.query(`create database ${admin.escapeIdentifier(database)}`);
    for (const { role, password } of roles) {
      const name = admin.escapeIdentifier(role);
      const known = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
      const verb = known.rows.length === 0 ? 'create' : 'alter';
      await admin.query(`${verb} role ${name} login password ${admin.escapeLiteral(password)}`);
    }
  });
  url.pathname = `/${database}`;
  await asAdmin(url.href, async (admin) => {
    const db = admin.escapeIdentifier(database);
    await admin.query(`revoke all on database ${db} from public`);
    await admin.query('revoke all on schema public from public');
    for (const { role, schema } of roles) {
      const name = admin.escapeIdentifier(role);
      const own = admin.escapeIdentifier(schema);
      await admin.query(`grant connect on database ${db} to ${name}`);
      await admin.query(`create schema if not exists ${own} authorization ${name}`);
      await admin.query(`alter role ${name} in database ${db} set search_path = ${own}`);
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

export async function asAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS_MAX });
  // A connection that breaks fails the query; unhandled, it would end the process too.
  admin.on('error', () => {});
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
