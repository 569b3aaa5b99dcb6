import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { FENCE_STREAM, ROOM_EVENTS_STREAM } from '@nightjar/contracts/subjects';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { type TestBus, testBus, testNats } from '@nightjar/testkit/test-servers';
import { runSetup, startSetup } from './run-setup.ts';

jest.setTimeout(60_000);

let bus: TestBus;
const stack = new AsyncDisposableStack();
beforeAll(async () => {
  bus = stack.use(await testBus());
});
afterAll(() => stack.disposeAsync());

let folder: string;
let env: Record<string, string>;
const signInWith = (url: string) => writeFile(path.join(folder, 'nats-url'), url);
beforeEach(async () => {
  const own = await mkdtemp(path.join(tmpdir(), 'nightjar-streams-'));
  stack.defer(() => rm(own, { recursive: true }));
  folder = own;
  env = { NIGHTJAR_SETUP_FOLDER: folder };
  await signInWith(bus.urlOf('setup'));
});

async function streams(): Promise<string[]> {
  const nc = await connectNats(bus.url, 'test', silentLog);
  try {
    const names: string[] = [];
    for await (const { config } of (await jetstreamManager(nc)).streams.list()) names.push(config.name);
    return names.sort();
  } finally {
    await nc.close();
  }
}

test('with the rights of setup alone, and again', async () => {
  expect(await runSetup('streams', env)).toMatchObject({ code: 0, said: '' });
  expect(await streams()).toEqual([FENCE_STREAM, ROOM_EVENTS_STREAM.name].sort());
  expect(await runSetup('streams', env)).toMatchObject({ code: 0, said: '' });
});

test('more copies than there are servers for: it says what that takes', async () => {
  const { code, said } = await runSetup('streams', { ...env, NIGHTJAR_STREAM_COPIES: '3' });
  expect(code).toBe(1);
  expect(said).toContain('NATS cannot keep 3 copies: that takes a cluster');
});

test('a password that is not the one, and a user without the rights, are told apart', async () => {
  const url = new URL(bus.urlOf('setup'));
  url.password = 'another';
  await signInWith(url.href);
  const refused = await runSetup('streams', env);
  expect(refused.code).toBe(1);
  expect(refused.said).toContain('NATS refuses the user setup');
  await using narrow = await testNats({
    users: [{ user: 'setup', password: 'hush', publish: ['nothing'], subscribe: ['>'] }],
  });
  await signInWith(narrow.url.replace('//', '//setup:hush@'));
  const { code, said } = await runSetup('streams', env);
  expect(code).toBe(1);
  expect(said).toContain('NATS does not let the user setup publish $JS.API.STREAM.INFO');
  expect(said).not.toContain('hush');
});

test('a NATS without TLS, of which the URL says tls://, is said to be so at once', async () => {
  await signInWith(bus.urlOf('setup').replace('nats://', 'tls://'));
  const { code, said } = await runSetup('streams', env);
  expect(code).toBe(1);
  expect(said).toContain("NATS's URL says tls://, but the server offers no TLS");
  expect(said).not.toContain(new URL(bus.urlOf('setup')).password);
});

test('a NATS that is not there yet is waited for, and it is said for what', async () => {
  await bus.stop();
  const { child, ended } = startSetup('streams', env);
  await once(child.stdout, 'data');
  await bus.restart();
  const { code, out, said } = await ended;
  expect({ code, said }).toEqual({ code: 0, said: '' });
  expect(out).toMatch(/"event":"waiting","peer":"nats"/);
});
