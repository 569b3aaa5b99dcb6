import { randomBytes } from 'node:crypto';
import type { NatsUser } from '@nightjar/contracts/nats-permissions';
import { asAdmin } from '@nightjar/database/admin';
import { provisionPostgres } from '@nightjar/database/provision';
import { busUsers } from './servers/bus-users.ts';
import { startNatsContainer, startPostgresContainer, startRedisContainer } from './servers/containers.ts';
import { type NatsOptions, startNats } from './servers/nats.ts';
import { startPostgres } from './servers/postgres.ts';
import { type RedisOptions, startRedis } from './servers/redis.ts';
import type { RunningServer } from './servers/running-server.ts';

/** NIGHTJAR_TEST_SERVERS=containers takes PostgreSQL, Redis and NATS from a container engine, and nothing else changes. */
export function useContainers(env: NodeJS.ProcessEnv = process.env): boolean {
  const wanted = env.NIGHTJAR_TEST_SERVERS ?? 'native';
  if (wanted !== 'native' && wanted !== 'containers') {
    throw new Error(`NIGHTJAR_TEST_SERVERS is ${wanted}: it can be native or containers`);
  }
  return wanted === 'containers';
}

/** A Redis of this test's own, empty. */
export function testRedis(options: RedisOptions = {}): Promise<RunningServer> {
  return useContainers() ? startRedisContainer(options) : startRedis(options);
}

/** A NATS of this test's own, with JetStream. */
export function testNats(options: NatsOptions = {}): Promise<RunningServer> {
  return useContainers() ? startNatsContainer(options) : startNats(options);
}

export interface TestBus extends RunningServer {
  /** Of a service's user, who may do what that service needs; `url` is of somebody who may do everything. */
  urlOf(user: NatsUser): string;
}

/** A NATS of this test's own with the users of the services, as in production. */
export async function testBus(): Promise<TestBus> {
  const { users, urlFor } = await busUsers(() => randomBytes(18).toString('base64url'));
  const server = await testNats({ users });
  const { url } = server;
  return Object.assign(server, { url: urlFor(url), urlOf: (user: NatsUser) => urlFor(url, user) });
}

/** A PostgreSQL of this test's own: for tests that stop or kill it. Others share one, by `testDatabase`. */
export function testPostgres(): Promise<RunningServer> {
  return useContainers() ? startPostgresContainer() : startPostgres();
}

export interface TestDatabase<Schema extends string> extends AsyncDisposable {
  /** Of the superuser, in this database. */
  readonly adminUrl: string;
  /** Of the role that owns the schema and can read no other. */
  readonly urls: Readonly<Record<Schema, string>>;
}

/**
 * A database of this test's own, with a role for each schema as in production. It lies in the server that
 * `scripts/test` started (NIGHTJAR_TEST_POSTGRES_URL), in the one given, or else in one that starts here.
 */
export async function testDatabase<const Schema extends string>(options: {
  readonly schemas: readonly Schema[];
  readonly server?: RunningServer;
}): Promise<TestDatabase<Schema>> {
  const shared = options.server?.url ?? process.env.NIGHTJAR_TEST_POSTGRES_URL;
  const own = shared ? undefined : await testPostgres();
  const server = shared ?? (own as RunningServer).url;
  const suffix = randomBytes(6).toString('hex');
  const database = `test_${suffix}`;
  const roles = options.schemas.map((schema) => ({ schema, role: `${schema}_${suffix}`, password: suffix }));
  const urls = (await provisionPostgres(server, database, roles)) as Record<Schema, string>;
  const adminUrl = new URL(server);
  adminUrl.pathname = `/${database}`;
  return {
    adminUrl: adminUrl.href,
    urls,
    async [Symbol.asyncDispose]() {
      if (own) return own[Symbol.asyncDispose]();
      await asAdmin(server, async (admin) => {
        await admin.query(`drop database if exists ${admin.escapeIdentifier(database)} with (force)`);
        for (const { role } of roles)
          await admin.query(`drop role if exists ${admin.escapeIdentifier(role)}`);
      });
    },
  };
}
