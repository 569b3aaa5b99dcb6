import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { startNats } from '../src/servers/nats.ts';
import { freePort } from '../src/servers/ports.ts';
import { startRedis } from '../src/servers/redis.ts';

test('the error names the port, who has it and the setting that moves ours', async () => {
  const port = await freePort();
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  try {
    await expect(startRedis({ port, portSetting: 'NIGHTJAR_REDIS_PORT' })).rejects.toThrow(
      new RegExp(
        `port ${port} of 127\\.0\\.0\\.1, wanted for Redis, is taken by .*, process ${process.pid}.* NIGHTJAR_REDIS_PORT`,
      ),
    );
  } finally {
    holder.close();
  }
});

test('a server that cannot start says what its log says', async () => {
  await expect(startNats({ config: 'no such thing {' })).rejects.toThrow(
    /NATS ended while starting; the end of .*nats\.log:\n.*/,
  );
});
