import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { exists } from '@nightjar/testkit/servers/child';
import { runStart, settings } from './start.ts';

let own: Awaited<ReturnType<typeof settings>>;

beforeEach(async () => {
  own = await settings();
});

afterEach(() => own.cleanUp());

test.each(['NIGHTJAR_PORT_NATS', 'NIGHTJAR_PORT_EVENTS'])(
  'a taken %s: who has it, and the setting that moves it',
  async (setting) => {
    const port = Number(own.env[setting]);
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    try {
      await using start = runStart(own.env);
      const children = start.children();
      expect((await start.ended).code).toBe(1);
      expect(start.said).toMatch(
        new RegExp(
          `port ${port} of 127\\.0\\.0\\.1, wanted for .*, is taken by .*process ${process.pid}.*set ${setting}`,
        ),
      );
      expect(children.filter(exists)).toEqual([]);
    } finally {
      holder.close();
    }
  },
);

test('a misspelt setting is refused before anything starts', async () => {
  await using start = runStart({ ...own.env, NIGHTJAR_PROT_AUTH: '1' });
  expect((await start.ended).code).toBe(1);
  expect(start.said).toContain('no such setting: NIGHTJAR_PROT_AUTH');
});
