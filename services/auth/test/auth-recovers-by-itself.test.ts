import { expect, test } from '@jest/globals';
import { silentLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { eventually } from '@nightjar/testkit/eventually';
import { freePort } from '@nightjar/testkit/servers/ports';
import { testDatabase, testNats, testPostgres } from '@nightjar/testkit/test-servers';
import { MIGRATIONS } from '../src/migrations.ts';
import { start } from '../src/service.ts';
import { ask, newDevice } from './device.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;

test('started before PostgreSQL, its schema and NATS: waits, and says for what; cut from them later: comes back alone', async () => {
  await using postgres = await testPostgres();
  await using database = await testDatabase({ schemas: ['auth'], server: postgres });
  await using natsServer = await testNats();
  await postgres.stop();
  await natsServer.stop();
  const internalListen = { host: '127.0.0.1', port: await freePort() };
  const starting = start(
    {
      httpListen: LOOPBACK,
      internalListen,
      natsUrl: natsServer.url,
      postgresUrl: database.urls.auth,
      sealKeys: [crypto.getRandomValues(new Uint8Array(32))],
      pseudonymKey: crypto.getRandomValues(new Uint8Array(32)),
      limit: { perSecond: 100, burst: 1_000 },
      trustedHops: [],
      edgePublicKeys: '',
      logLevel: 'error',
      otlpUrl: '',
    },
    { log: silentLog },
  );
  const internal = `http://127.0.0.1:${internalListen.port}`;
  const missing = async () => (await ask(internal, 'GET', '/health/ready')).body.missing ?? [];
  await eventually(async () =>
    expect(await missing()).toEqual(['postgres', 'schema', 'nats', 'signing_key', 'start']),
  );
  expect((await ask(internal, 'GET', '/health/started')).status).toBe(503);
  await natsServer.restart();
  await postgres.restart();
  await eventually(async () => expect(await missing()).toEqual(['schema', 'signing_key', 'start']));
  const pool = openPool(database.urls.auth, 'test', 2, silentLog);
  await migrate(openDatabase(pool), MIGRATIONS, silentLog);
  await pool.end();
  await using auth = await starting;
  const { http } = auth.urls;
  await eventually(async () => expect((await ask(internal, 'GET', '/health/ready')).status).toBe(200));
  expect((await ask(internal, 'GET', '/health/started')).status).toBe(200);
  const device = await newDevice();
  const first = await device.signIn(http, { audience: 'rooms' });
  expect(first.status).toBe(201);

  await natsServer.stop();
  await eventually(async () => expect(await missing()).toEqual(['nats']));
  expect((await device.signIn(http, { audience: 'rooms' })).status).toBe(201);
  await natsServer.restart();
  await eventually(async () => expect(await missing()).toEqual([]));

  await postgres.kill();
  expect((await ask(http, 'POST', '/v1/auth/challenges')).status).toBe(503);
  expect((await ask(http, 'GET', '/.well-known/jwks.json')).status).toBe(200);
  await postgres.restart();
  await eventually(async () =>
    expect((await device.signIn(http, { audience: 'rooms' })).body.subject).toBe(first.body.subject),
  );
}, 60_000);
