import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { factsKeys, factsSigner, readFacts, signFacts } from '@nightjar/kit/signed-facts';

const PROGRAM = path.join(import.meta.dirname, '../src/keygen.ts');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightjar-keygen-'));
});
afterEach(() => rm(folder, { recursive: true }));

function keygen(...files: string[]) {
  const args = ['--conditions=nightjar-source', PROGRAM, ...files.map((file) => path.join(folder, file))];
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}
const read = (file: string) => readFile(path.join(folder, file), 'utf8');

test('services believe what is signed with the private file; while keys rotate, both', async () => {
  expect(keygen('old', 'public').status).toBe(0);
  // Ids tell the second in which a key was made.
  await writeFile(path.join(folder, 'public'), (await read('public')).replace(/^edge-\S+/, 'edge-old'));
  await writeFile(path.join(folder, 'old'), (await read('old')).replace(/^edge-\S+/, 'edge-old'));
  expect(keygen('new', 'public').status).toBe(0);
  const keys = factsKeys(await read('public'));
  const facts = { edge: 'edge_1', address: '192.0.2.1' };
  for (const file of ['old', 'new']) {
    const header = await signFacts(facts, await factsSigner(await read(file)), 0);
    expect(await readFacts(header, keys, 0)).toEqual(facts);
  }
  expect((await stat(path.join(folder, 'new'))).mode & 0o077).toBe(0);
});

test('no private key is ever overwritten, and no file made worse', async () => {
  await writeFile(path.join(folder, 'private'), 'mine');
  expect(keygen('private', 'public').status).toBe(1);
  expect(await read('private')).toBe('mine');
  await writeFile(path.join(folder, 'broken'), 'not keys\n');
  expect(keygen('other', 'broken').status).toBe(1);
  expect(await read('broken')).toBe('not keys\n');
  expect(keygen('private').status).toBe(2);
});
