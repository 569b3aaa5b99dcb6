import { randomBytes } from 'node:crypto';
import { silentLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { connectNats } from '@nightjar/kit/nats';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { testBus, testDatabase } from '@nightjar/testkit/test-servers';
import type { Config } from '../src/config.ts';
import type { Overrides } from '../src/context.ts';
import { MIGRATIONS } from '../src/migrations.ts';
import { start } from '../src/service.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;

/** A clock that stands still until it is moved. */
export function steppedClock() {
  const begin = Date.now();
  let passed = 0;
  return {
    wall: () => begin + passed,
    mono: () => passed,
    step(ms: number) {
      passed += ms;
    },
  };
}

/** PostgreSQL with auth's tables, NATS, and as many auth pods on them as a test starts. */
export async function authPlatform() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase({ schemas: ['auth'] }));
  const natsServer = stack.use(await testBus());
  const pool = openPool(database.urls.auth, 'test', 2, silentLog);
  stack.defer(() => pool.end());
  await migrate(openDatabase(pool), MIGRATIONS, silentLog);
  const nats = await connectNats(natsServer.url, 'test', silentLog);
  stack.defer(() => nats.close());
  const config: Config = {
    httpListen: LOOPBACK,
    internalListen: LOOPBACK,
    natsUrl: natsServer.urlOf('auth'),
    postgresUrl: database.urls.auth,
    sealKeys: [randomBytes(32)],
    pseudonymKey: randomBytes(32),
    limit: { perSecond: 100, burst: 1_000 },
    trustedHops: [],
    edgePublicKeys: '',
    logLevel: 'error',
    otlpUrl: '',
  };
  const owned = stack.move();
  return {
    config,
    database,
    nats,
    natsServer,
    pool,
    startAuth: (changes: Partial<Config> = {}, overrides: Overrides = {}) =>
      start({ ...config, ...changes }, { log: silentLog, ...overrides }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
