import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { until } from '../../../lib/until.ts';
import type { PermitSeen } from '../judges/device.ts';
import { watchedSocket } from './watched-bridge.ts';

test('an answer to an ask for a permit is written down with its times, and a refusal as a no', async () => {
  await using server = await startServer();
  const permits: PermitSeen[] = [];
  const Watched = watchedSocket(permits);
  const socket = new Watched(server.url);
  await once(socket, 'open');
  socket.send(JSON.stringify({ t: 'permit', n: 1 }));
  socket.send(JSON.stringify({ t: 'permit', n: 2 }));
  await until('both are answered', () => permits.length === 2);
  expect(permits.map(({ forMs }) => forMs)).toEqual([600, 0]);
  for (const { askedMono, heardMono } of permits) expect(heardMono).toBeGreaterThan(askedMono);
  socket.close();
});

/** Says yes to the first ask and no to others, and tells of an effect that was refused, which is neither. */
async function startServer() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { n } = JSON.parse(String(data)) as { n: number };
      socket.send(JSON.stringify({ t: 'entry', n, kind: 'settled', result: 'refused' }));
      socket.send(
        JSON.stringify(n === 1 ? { t: 'permit', n, forMs: 600 } : { t: 'refused', n, code: 'draining' }),
      );
    }),
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
