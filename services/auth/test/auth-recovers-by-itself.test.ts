import { expect, test } from '@jest/globals';
import { silentLog } from '@nightjar/kit/log';
import { migrate } from '@nightjar/kit/migrate';
import { openDatabase, openPool } from '@nightjar/kit/postgres';
import { eventually } from '@nightjar/testkit/eventually';
import { testDatabase, testNats, testPostgres } from '@nightjar/testkit/test-servers';
import { start } from '../src/service.ts';
import { ask, newDevice } from './device.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;

test('started before PostgreSQL, cut from it and from NATS: says so by codes, and comes back alone', async () => {
  await using postgres = await testPostgres();
  await using database = await testDatabase({ schemas: ['auth'], server: postgres });
  await using natsServer = await testNats();
  const pool = openPool(database.urls.auth, 'test', 2, silentLog);
  await migrate(openDatabase(pool), new URL('../migrations/', import.meta.url), silentLog);
  await pool.end();
  await postgres.stop();
  await using auth = await start(
    {
      httpListen: LOOPBACK,
      internalListen: LOOPBACK,
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
  const { http, internal } = auth.urls;
  const missing = async () => (await ask(internal, 'GET', '/health/ready')).body.missing ?? [];
  expect(await missing()).toEqual(['postgres', 'signing_key']);
  const refused = await ask(http, 'POST', '/v1/auth/challenges');
  expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);

  await postgres.restart();
  await eventually(async () => expect((await ask(internal, 'GET', '/health/ready')).status).toBe(200));
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
