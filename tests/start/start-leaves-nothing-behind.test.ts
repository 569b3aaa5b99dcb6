import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exists } from '@nightjar/testkit/servers/child';
import { SERVICES } from '../../scripts/lib/services.ts';
import { allGone, runStart, settings } from './start.ts';

// One state folder through the whole file, as on a person's machine: each test is a further start.
let own: Awaited<ReturnType<typeof settings>>;

beforeAll(async () => {
  own = await settings();
});

afterAll(() => own.cleanUp());

const UP = /Ctrl-C ends everything/;

test('a kill of scripts/start takes every process with it', async () => {
  await using start = runStart(own.env);
  await start.says(UP);
  const children = start.children();
  expect(children.length).toBeGreaterThan(SERVICES.length + 4);
  start.process.kill('SIGKILL');
  await start.ended;
  await allGone(children);
});

test('the next start finds its data, takes under 15 s, and Ctrl-C ends it in order', async () => {
  const before = await readFile(
    path.join(own.env.NIGHTJAR_STATE as string, 'secrets/nightjar-payments/postgres-url'),
    'utf8',
  );
  const began = performance.now();
  await using start = runStart(own.env);
  await start.says(UP);
  expect(performance.now() - began).toBeLessThan(15_000);
  const state = own.env.NIGHTJAR_STATE as string;
  expect(await readFile(path.join(state, 'secrets/nightjar-payments/postgres-url'), 'utf8')).toBe(before);
  const endpoints = JSON.parse(await readFile(path.join(state, 'endpoints.json'), 'utf8'));
  expect(Object.keys(endpoints).sort()).toEqual([...SERVICES.map(({ name }) => name), 'livekit'].sort());
  const children = start.children();
  start.process.kill('SIGINT');
  expect(await start.ended).toEqual({ code: 0, signal: null });
  expect(children.filter(exists)).toEqual([]);
});

test('a service that dies is named with its last words, and everything is taken down', async () => {
  await using start = runStart(own.env);
  await start.says(UP);
  const children = start.children();
  const [victim] = await Promise.all(
    children.map(async (pid) =>
      (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('services/rooms') ? pid : 0,
    ),
  ).then((pids) => pids.filter((pid) => pid > 0));
  process.kill(victim as number, 'SIGKILL');
  expect(await start.ended).toEqual({ code: 1, signal: null });
  expect(start.said).toMatch(/rooms ended by itself \(SIGKILL\); the end of .*rooms\.log:\n\{"level"/);
  expect(children.filter(exists)).toEqual([]);
});

test('a second scripts/start on the same state is refused', async () => {
  await using first = runStart(own.env);
  await first.says(UP);
  await using second = runStart(own.env);
  expect((await second.ended).code).toBe(1);
  expect(second.said).toContain(`another scripts/start uses ${own.env.NIGHTJAR_STATE}`);
});

test('--fresh forgets', async () => {
  const file = path.join(own.env.NIGHTJAR_STATE as string, 'secrets/nightjar-payments/postgres-url');
  const before = await readFile(file, 'utf8');
  await using start = runStart(own.env, '--fresh');
  await start.says(UP);
  expect(await readFile(file, 'utf8')).not.toBe(before);
});
