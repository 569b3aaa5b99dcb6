import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cacheRoot, fillOnce, lock, lockNow } from './cache.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightjar-cache-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the cache is outside the checkout, per user, and can be moved', () => {
  expect(cacheRoot({}, 0)).toBe('/var/cache/nightjar');
  expect(cacheRoot({ HOME: '/home/ada' }, 1000)).toBe('/home/ada/.cache/nightjar');
  expect(cacheRoot({ HOME: '/home/ada', XDG_CACHE_HOME: '/mnt/c' }, 1000)).toBe('/mnt/c/nightjar');
  expect(cacheRoot({ NIGHTJAR_CACHE: '/mnt/n' }, 0)).toBe('/mnt/n');
});

test('of many who want the same thing one makes it, and nobody sees half of it', async () => {
  const wanted = path.join(folder, 'engine');
  let fills = 0;
  const fill = async (unfinished: string) => {
    fills++;
    await writeFile(path.join(unfinished, 'one'), '1');
    expect(existsSync(wanted)).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    await writeFile(path.join(unfinished, 'two'), '2');
  };
  await Promise.all(Array.from({ length: 8 }, () => fillOnce(wanted, fill)));
  expect(fills).toBe(1);
  expect((await readdir(wanted)).sort()).toEqual(['one', 'two']);
  expect(await readdir(folder)).toEqual(['engine']);
});

test('a fill that fails leaves nothing, and the next one may succeed', async () => {
  const wanted = path.join(folder, 'engine');
  const failing = fillOnce(wanted, async (unfinished) => {
    await writeFile(path.join(unfinished, 'half'), '');
    throw new Error('no network');
  });
  await expect(failing).rejects.toThrow('no network');
  expect(await readdir(folder)).toEqual([]);
  await fillOnce(wanted, (unfinished) => writeFile(path.join(unfinished, 'whole'), 'yes'));
  expect(await readFile(path.join(wanted, 'whole'), 'utf8')).toBe('yes');
});

test('a lock is held by one, and free when that one lets go', async () => {
  const name = path.join(folder, 'lock');
  const first = await lock(name);
  expect(await lockNow(name)).toBeUndefined();
  let waited = false;
  const second = lock(name, () => {
    waited = true;
  });
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
  expect(waited).toBe(true);
});
