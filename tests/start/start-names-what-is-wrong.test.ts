import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { exists } from '@nightjar/testkit/servers/child';
import { freePort } from '@nightjar/testkit/servers/ports';
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

/** Each check of a server has 3 s, and all are made at one moment; the rest is Node's own start. */
const REFUSED_WITHIN_MS = 8_000;

const BEFORE_HOST = {
  POSTGRES: 'postgres://me:secret@',
  REDIS: 'redis://me:secret@',
  NATS: 'nats://me:secret@',
  LIVEKIT: 'http://',
};

test.each(['nothing listens', 'something listens and says nothing'])(
  'servers given by URL where %s: each variable, and its way out, in a short time',
  async (what) => {
    const open = new Set<Socket>();
    const silent = createServer((socket) => open.add(socket.on('error', () => {}))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const port = what === 'nothing listens' ? await freePort() : (silent.address() as AddressInfo).port;
    const urls = Object.entries(BEFORE_HOST).map(([name, before]) => [
      `NIGHTJAR_${name}_URL`,
      `${before}127.0.0.1:${port}`,
    ]);
    const key = { NIGHTJAR_LIVEKIT_KEY: 'me', NIGHTJAR_LIVEKIT_SECRET_FILE: '/dev/null' };
    try {
      const began = performance.now();
      await using start = runStart({ ...own.env, ...key, ...Object.fromEntries(urls) });
      expect((await start.ended).code).toBe(1);
      expect(performance.now() - began).toBeLessThan(REFUSED_WITHIN_MS);
      for (const [variable] of urls) {
        expect(start.said).toMatch(
          new RegExp(
            `${variable}: .* at 127\\.0\\.0\\.1:${port} .*start that server, correct ${variable}, or unset it`,
          ),
        );
      }
      expect(start.said).not.toContain('secret');
    } finally {
      for (const socket of open) socket.destroy();
      silent.close();
    }
  },
  2 * REFUSED_WITHIN_MS,
);
