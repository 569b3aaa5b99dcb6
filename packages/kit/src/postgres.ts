import { isNativeError } from 'node:util/types';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from './log.ts';
import { commonProblem, Problem } from './problem.ts';

const CONNECT_MS_MAX = 1_500;
const STATEMENT_MS_MAX = 5_000;

// Money and sequence numbers are bigint from end to end.
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);

export interface PoolOptions {
  /** Commits are answered before the disk has them: for work that may be done again after a crash. */
  readonly hasty?: boolean;
  /** How long one statement may take, where that is not a request's. */
  readonly statementMsMax?: number;
}

/** A pool for one role. Its search path is the role's own schema, so queries name tables alone. */
export function openPool(
  url: string,
  name: string,
  max: number,
  log: Log,
  { hasty = false, statementMsMax = STATEMENT_MS_MAX }: PoolOptions = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: statementMsMax,
    query_timeout: statementMsMax + 1_000,
    idle_in_transaction_session_timeout: statementMsMax,
    keepAlive: true,
    ...(hasty ? { options: '-c synchronous_commit=off' } : {}),
    // A new connection costs its sign-in and all its plans, which is many times what a query costs.
    idleTimeoutMillis: 0,
  });
  // A connection that breaks while idle is replaced at its next use; unhandled, it would end the process.
  pool.on('error', (error) => log.warn('postgres_connection_lost', { error }));
  // The same for one that breaks while somebody has it between two queries: their next query fails.
  pool.on('connect', (connection) => connection.on('error', () => {}));
  return pool;
}

export function openDatabase<Tables>(pool: pg.Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

// Class 08 connection, 53 resources, 57 shutdown and time-outs of statements; 40001 and 40P01 are races that a retry wins.
const AWAY = /^(08|53|57|25P03)/;
const RACE = new Set(['40001', '40P01']);
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const TRIES_MAX = 5;

/** Whether an error says that PostgreSQL cannot be reached, rather than that a query is wrong. */
export function isPostgresAway(error: unknown): boolean {
  // Not instanceof: a socket's error may come from another realm, as it does under jest.
  if (!isNativeError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    AWAY.test(code) ||
    SOCKET.has(code) ||
    /timeout (exceeded|expired)|Connection terminated|Query read timeout/.test(error.message)
  );
}

/**
 * Runs a unit of work against PostgreSQL: lost races are tried again, an unreachable server becomes `unavailable`.
 * The work must be safe to run from its beginning again.
 */
export async function withPostgres<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) throw error;
      const code = isNativeError(error) && 'code' in error ? String(error.code) : '';
      if (RACE.has(code) && attempt < TRIES_MAX) continue;
      throw isPostgresAway(error) ? commonProblem('unavailable', error) : error;
    }
  }
}
