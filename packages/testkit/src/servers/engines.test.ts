import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { engines, locateEngine } from './engines.ts';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightjar-engines-'));
  env = { PATH: path.join(folder, 'bin'), NIGHTJAR_CACHE: path.join(folder, 'cache') };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(file: string, says: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho '${says}'\n`);
  await chmod(file, 0o755);
  return file;
}

const onThePath = (name: string, says: string) => program(path.join(folder, 'bin', name), says);
const inTheCache = (name: 'nats' | 'postgres' | 'valkey') =>
  program(
    path.join(folder, 'cache/engines', `${name}-${engines[name].version}`, engines[name].cached),
    'cached',
  );

test('a program on the PATH in a version that will do comes before the cache', async () => {
  await inTheCache('nats');
  const mine = await onThePath('nats-server', 'nats-server: v2.14.0');
  expect(await locateEngine('nats', { env })).toEqual({ name: 'nats', program: mine, from: 'path' });
});

test('whoever asks for the cached one gets it, with a good one on the PATH', async () => {
  const program = await inTheCache('nats');
  await onThePath('nats-server', 'nats-server: v2.14.0');
  expect(await locateEngine('nats', { env, cached: true })).toEqual({ name: 'nats', program, from: 'cache' });
});

test.each(['nats-server: v2.9.10', 'nats-server: v3.0.0', 'no version at all'])(
  'one that says %p is passed over',
  async (says) => {
    const cached = await inTheCache('nats');
    await onThePath('nats-server', says);
    expect(await locateEngine('nats', { env })).toEqual({ name: 'nats', program: cached, from: 'cache' });
  },
);

test('PostgreSQL without initdb beside it is passed over', async () => {
  const cached = await inTheCache('postgres');
  const mine = await onThePath('postgres', 'postgres (PostgreSQL) 18.1');
  expect((await locateEngine('postgres', { env })).program).toBe(cached);
  await onThePath('initdb', 'initdb (PostgreSQL) 18.1');
  expect((await locateEngine('postgres', { env })).program).toBe(mine);
});

test('Redis will do where there is no Valkey', async () => {
  const redis = await onThePath('redis-server', 'Redis server v=7.4.1 sha=00000000:0');
  expect((await locateEngine('valkey', { env })).program).toBe(redis);
  const valkey = await onThePath('valkey-server', 'Valkey server v=8.1.0 sha=00000000:0');
  expect((await locateEngine('valkey', { env })).program).toBe(valkey);
});

test.each([
  ['nats', 'python3 is not on the PATH'],
  ['livekit', 'go is not on the PATH'],
  ['intiface', 'cargo is not on the PATH'],
  ['chromium', 'chromium is not on the PATH'],
  ['kubernetes', 'go is not on the PATH'],
  ['containerd', 'a node of Kubernetes lacks containerd, runc, nft'],
] as const)(
  'where %s cannot be had the error says what is missing and the way to get it',
  async (name, missing) => {
    const said: string[] = [];
    const locating = locateEngine(name, { env, say: (line) => said.push(line) });
    await expect(locating).rejects.toThrow(missing);
    await expect(locating).rejects.toThrow(`The way to get it: ${engines[name].howToGet}`);
    expect(said[0]).toContain(`Getting ${engines[name].title} ${engines[name].version}`);
  },
);
