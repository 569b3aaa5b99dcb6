import { expect, test } from '@jest/globals';
import { eventually } from '@nightjar/testkit/eventually';
import { freePort } from '@nightjar/testkit/servers/ports';
import { testPostgres } from '@nightjar/testkit/test-servers';
import { roomsPlatform } from './rooms-under-test.ts';

test('begun before PostgreSQL and NATS, a pod names what it lacks, and serves once they are there', async () => {
  await using server = await testPostgres();
  await using platform = await roomsPlatform({}, server);
  await server.stop();
  await platform.natsServer.stop();
  const internalListen = { host: '127.0.0.1', port: await freePort() };
  const starting = platform.startRooms({ internalListen });
  const health = async (what: string) => {
    const response = await fetch(`http://127.0.0.1:${internalListen.port}/health/${what}`);
    return { status: response.status, ...((await response.json()) as { missing?: string[] }) };
  };
  await eventually(async () =>
    expect((await health('ready')).missing).toEqual(['postgres', 'schema', 'nats', 'fence', 'start']),
  );
  expect((await health('started')).status).toBe(503);
  await server.restart();
  await eventually(async () => expect((await health('ready')).missing).toEqual(['nats', 'fence', 'start']));
  await platform.natsServer.restart();
  await using _ = await starting;
  expect((await health('started')).status).toBe(200);
  await eventually(async () => expect(await health('ready')).toMatchObject({ status: 200, missing: [] }));
}, 60_000);
