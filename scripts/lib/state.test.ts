import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addressOf, givenSecrets, openSecrets } from './secrets.ts';
import { openState, stateRoot } from './state.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightjar-state-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('state is in one folder, per user, and can be moved', () => {
  expect(stateRoot({}, 0)).toBe('/var/lib/nightjar');
  expect(stateRoot({ HOME: '/home/ada' }, 1000)).toBe('/home/ada/.local/state/nightjar');
  expect(stateRoot({ HOME: '/home/ada', XDG_STATE_HOME: '/mnt/s' }, 1000)).toBe('/mnt/s/nightjar');
  expect(stateRoot({ NIGHTJAR_STATE: '/mnt/n' }, 0)).toBe('/mnt/n');
});

test('--fresh forgets what scripts/start made, and nothing else', async () => {
  const ours = path.join(folder, 'ours');
  const first = await openState(ours, { fresh: true });
  await writeFile(path.join(first.servers, 'data'), 'x');
  await openState(ours, { fresh: false });
  expect(await readdir(first.servers)).toEqual(['data']);
  await openState(ours, { fresh: true });
  expect(await readdir(first.servers)).toEqual([]);

  const theirs = path.join(folder, 'theirs');
  await mkdir(theirs);
  await writeFile(path.join(theirs, 'diary'), 'x');
  await expect(openState(theirs, { fresh: true })).rejects.toThrow('was not made by scripts/start');
  expect(await readdir(theirs)).toEqual(['diary']);
});

test('secrets are made once, only we may read them, and each program has its own as in a pod', async () => {
  const state = await openState(folder, { fresh: false });
  const servers = {
    postgres: addressOf('postgres://postgres:hush@127.0.0.1:1/postgres', 'nightjar'),
    nats: 'nats://127.0.0.1:2',
    redis: 'redis://127.0.0.1:3',
  };
  const first = await openSecrets(state.secrets, {});
  await first.write(servers, 'nightjar');
  const second = await openSecrets(state.secrets, {});
  expect(second.values).toEqual(first.values);
  const url = await readFile(second.file('rooms', 'postgres-url'), 'utf8');
  expect(url).toBe(`postgres://rooms:${first.value('postgres-password-rooms')}@127.0.0.1:1/nightjar`);
  for (const entry of await readdir(state.secrets, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(path.join(entry.parentPath, entry.name));
    expect(mode & 0o777).toBe(entry.isDirectory() ? 0o700 : 0o600);
  }
});

test('a server of your own is signed in to with what stands in its URL', async () => {
  const secretFile = path.join(folder, 'livekit');
  await writeFile(secretFile, 'of-your-own\n');
  const given = await givenSecrets({
    NIGHTJAR_NATS_URL: 'nats://me:hush@127.0.0.1:4222',
    NIGHTJAR_LIVEKIT_URL: 'http://127.0.0.1:7880',
    NIGHTJAR_LIVEKIT_SECRET_FILE: secretFile,
  });
  expect(given).toEqual({ 'nats-url': 'nats://me:hush@127.0.0.1:4222', 'livekit-secret': 'of-your-own' });
});

test('a folder that an older scripts/start filled is refused, with the way out', async () => {
  const state = await openState(folder, { fresh: false });
  await writeFile(path.join(state.secrets, 'pseudonym-key'), 'x');
  await expect(openSecrets(state.secrets, {})).rejects.toThrow('scripts/start --fresh begins anew');
});
