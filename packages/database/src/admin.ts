import { Client } from 'pg';

const CONNECT_MS_MAX = 3_000;

/** One connection for one piece of work. Rejects with what `pg` says. */
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
