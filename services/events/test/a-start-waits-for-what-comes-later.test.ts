import { expect, test } from '@jest/globals';
import { silentLog } from '@nightjar/kit/log';
import { eventually } from '@nightjar/testkit/eventually';
import { freePort } from '@nightjar/testkit/servers/ports';
import { start } from '../src/service.ts';
import { eventsPlatform } from './events-under-test.ts';

test('begun before NATS and Redis, a pod names what it lacks, and serves once they are there', async () => {
  await using platform = await eventsPlatform();
  await platform.nats.stop();
  await platform.redis.stop();
  const internalListen = { host: '127.0.0.1', port: await freePort() };
  const starting = start({ ...platform.config, internalListen }, { log: silentLog });
  const health = async (what: string) => {
    const response = await fetch(`http://127.0.0.1:${internalListen.port}/health/${what}`);
    return { status: response.status, ...((await response.json()) as { missing?: string[] }) };
  };
  await eventually(async () =>
    expect((await health('ready')).missing).toEqual(['bus', 'redis', 'fence', 'start']),
  );
  expect((await health('started')).status).toBe(503);
  await platform.nats.restart();
  await using _ = await starting;
  expect((await health('started')).status).toBe(200);
  await eventually(async () => expect((await health('ready')).missing).toEqual(['redis']));
  await platform.redis.restart();
  await eventually(async () => expect(await health('ready')).toMatchObject({ status: 200, missing: [] }));
}, 60_000);
