import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { Redis } from 'ioredis';
import type { TestPlatform } from './platform-under-test.ts';

/** Listens to all that goes over the bus and into Redis, and looks into all that was stored. */
export interface Carried extends AsyncDisposable {
  /** Where any of these words was seen. */
  find(...words: string[]): Promise<string[]>;
  /** How much there was to look into, so that an empty search is not taken for a clean one. */
  readonly messages: { readonly bus: number; readonly redis: number };
}

export async function listenToEverything(platform: TestPlatform): Promise<Carried> {
  await using stack = new AsyncDisposableStack();
  const bus: string[] = [];
  const redis: string[] = [];
  const nats = await connectNats(platform.servers.nats.url, 'test', silentLog);
  stack.defer(() => nats.close());
  nats.subscribe('>', {
    callback: (_error, message) => {
      bus.push(`${message.subject} ${Buffer.from(message.data).toString('latin1')}`);
    },
  });
  await nats.flush();
  const commands = new Redis(platform.servers.redis.url);
  stack.defer(() => commands.disconnect());
  const monitor = await commands.monitor();
  stack.defer(() => monitor.disconnect());
  monitor.on('monitor', (_time: string, words: string[]) => redis.push(words.join(' ')));
  const owned = stack.move();
  return {
    get messages() {
      return { bus: bus.length, redis: redis.length };
    },
    async find(...words) {
      const latin = words.map((word) => Buffer.from(word).toString('latin1'));
      const seen = (text: string): boolean => latin.some((word) => text.includes(word));
      const found = [
        ...bus.filter(seen).map((text) => `the bus: ${text.slice(0, 80)}`),
        ...redis
          .filter((text) => words.some((word) => text.includes(word)))
          .map((text) => `Redis: ${text.slice(0, 80)}`),
      ];
      // What PostgreSQL, JetStream and every log wrote to the disk; a write-ahead log has each row as it was written.
      const root = path.dirname(platform.state.logs);
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = path.join(entry.parentPath, entry.name);
        const text = await readFile(file, 'latin1').catch(() => '');
        if (seen(text)) found.push(path.relative(root, file));
      }
      return found;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
