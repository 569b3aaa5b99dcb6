import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { closeSender, openSender } from '@nightjar/sealed/node/opaque-sender';
import { parseSenderKeys } from '@nightjar/sealed/node/sender-keys';

const PROGRAM = path.join(import.meta.dirname, '../src/keygen.ts');
const TIP = { tipId: 'tip_1', roomId: 'room_1' };
let file: string;
beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), 'nightjar-keygen-')), 'sender-keys');
});
afterEach(() => rm(path.dirname(file), { recursive: true }));

const keygen = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=nightjar-source', PROGRAM, ...args], { encoding: 'utf8' });

test('what was closed with a former key opens after two rotations by keygen, and the newest closes', async () => {
  const first = keygen();
  expect([first.status, first.stderr]).toEqual([0, '']);
  const old = parseSenderKeys(first.stdout);
  if (!old) throw new Error('keygen printed no keys');
  const envelope = closeSender(old.current, { pseudonym: 'pn_1' }, TIP);
  let printed = first.stdout;
  for (const ringSize of [2, 3]) {
    await writeFile(file, printed);
    printed = keygen(file).stdout;
    const rotated = parseSenderKeys(printed);
    expect(rotated?.ring.size).toBe(ringSize);
    expect(rotated?.current.keyId).not.toBe(parseSenderKeys(first.stdout)?.current.keyId);
    expect(openSender(envelope, rotated?.ring ?? new Map(), TIP)).toEqual({ pseudonym: 'pn_1' });
  }
});

test('what holds no sender keys is refused, and nothing of it is said or printed', async () => {
  await writeFile(file, '[{"keyId":"hush"}]');
  expect(keygen(file)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: `keygen: ${file} holds no keys that this made\n`,
  });
  expect(keygen(`${file}-none`)).toMatchObject({ status: 1, stdout: '' });
  expect(keygen(file, 'more')).toMatchObject({ status: 2, stdout: '' });
});
