import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSecrets } from './secrets.ts';
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

test('secrets are made once, and only we may read them', async () => {
  const state = await openState(folder, { fresh: false });
  const secrets = await openSecrets(state.secrets);
  const before = await secrets.password('livekit-secret');
  expect(await (await openSecrets(state.secrets)).password('livekit-secret')).toBe(before);
  expect(before.length).toBeGreaterThanOrEqual(32);
  expect((await stat(state.secrets)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(state.secrets)) {
    expect((await stat(secrets.file(name))).mode & 0o777).toBe(0o600);
  }
});
