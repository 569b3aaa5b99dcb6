import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sign, verify } from '@nightjar/sealed/keys';
import { keyFiles } from './key-files.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'nightjar-keys-')), 'keys');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

test('a key is the same in the next program, and only its owner can read it', async () => {
  const made = await keyFiles(folder).key('device');
  const again = await keyFiles(folder).key('device');
  expect(again.publicKey).toEqual(made.publicKey);
  const text = new Uint8Array([1, 2, 3]);
  expect(await verify(made.publicKey, text, await sign(again.privateKey, text))).toBe(true);
  expect(again.privateKey.extractable).toBe(false);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, 'device.key'))).mode & 0o777).toBe(0o600);
});

test('programs that begin at the same moment get one key, and leave nothing half made', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => keyFiles(folder).key('wallet')));
  expect(new Set(keys.map(({ publicKey }) => publicKey.join()))).toHaveProperty('size', 1);
  expect(await readdir(folder)).toEqual(['wallet.key']);
});

test('a forgotten key is gone, and the next one is another', async () => {
  const store = keyFiles(folder);
  const { publicKey } = await store.key('device');
  await store.forget('device');
  await store.forget('device');
  expect((await store.key('device')).publicKey).not.toEqual(publicKey);
});

test('a file that holds no key is refused and left as it is', async () => {
  const store = keyFiles(folder);
  await store.key('device');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder, 'device.key'), 'something else\n');
  await expect(keyFiles(folder).key('device')).rejects.toThrow();
  expect(await readFile(join(folder, 'device.key'), 'utf8')).toBe('something else\n');
});

test('no name leads out of the folder', () => {
  expect(() => keyFiles(folder).key('../device')).toThrow(RangeError);
});
