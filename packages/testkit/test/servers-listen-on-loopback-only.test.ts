import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { startIntiface } from '../src/servers/intiface.ts';
import { startLiveKit } from '../src/servers/livekit.ts';
import { testNats, testPostgres, testRedis } from '../src/test-servers.ts';

const LOOPBACK = ['0100007F', '00000000000000000000000001000000'];

/** Local addresses of everything that listens in our network, as the kernel lists them. */
function listening(): Set<string> {
  const found = new Set<string>();
  for (const [table, state] of [
    ['tcp', '0A'],
    ['tcp6', '0A'],
    ['udp', '07'],
    ['udp6', '07'],
  ]) {
    for (const line of readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1)) {
      const [, local = '', , is] = line.trim().split(/\s+/);
      if (is === state) found.add(`${table} ${local}`);
    }
  }
  return found;
}

test('five servers, and no address but loopback', async () => {
  const before = listening();
  await using postgres = await testPostgres();
  await using redis = await testRedis();
  await using nats = await testNats();
  await using livekit = await startLiveKit();
  await using intiface = await startIntiface();
  const ours = [...listening()].filter((socket) => !before.has(socket));
  const ports = ours.map((socket) => Number.parseInt(socket.split(':')[1] ?? '', 16));
  const started = [postgres, redis, nats, livekit, intiface];
  expect(ports).toEqual(expect.arrayContaining(started.map(({ port }) => port)));
  // Other test files start servers at the same time: they are held to the same.
  const elsewhere = ours.filter((socket) => !LOOPBACK.includes(socket.split(/[ :]/)[1] ?? ''));
  expect(elsewhere).toEqual([]);
});
