import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseSealKeys } from '@nightjar/sealed/node/seal-keys';

const PROGRAM = path.join(import.meta.dirname, '../src/keygen.ts');
let file: string;
beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), 'nightjar-keygen-')), 'seal-keys');
});
afterEach(() => rm(path.dirname(file), { recursive: true }));

const keygen = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=nightjar-source', PROGRAM, ...args], { encoding: 'utf8' });

test('a rotation by keygen makes the next key current, and still opens what was sealed to the one before', async () => {
  const made = keygen();
  expect([made.status, made.stderr]).toEqual([0, '']);
  await writeFile(file, made.stdout);
  const [before, after] = [parseSealKeys(made.stdout), parseSealKeys(keygen(file).stdout)];
  const [current, next] = before?.published ?? [];
  expect(after?.published[0]).toEqual({ ...next, use: 'current' });
  expect([...(after?.ring.keys() ?? [])]).toContain(current?.keyId);
});

test('what holds no seal keys is refused, and nothing of it is said or printed', async () => {
  await writeFile(file, '{"current":"hush"}');
  expect(keygen(file)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: `keygen: ${file} holds no keys that this made\n`,
  });
});
