import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { compile } from '@nightjar/fence/compile';
import { parsePolicySigner, publicLineOf } from '@nightjar/fence/node/policy-keys';
import { parsePolicyKeyRing } from '@nightjar/fence/policy-key-ring';
import { OPEN_FENCE } from '@nightjar/fence/rules';
import { signPolicy, verifyPolicy } from '@nightjar/fence/sign';
import { keygen } from '../src/keygen.ts';

test('the pair fits, the private file is for its owner alone and never overwritten, and public keys gather', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-keygen-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const [first, second, publicPath] = ['first', 'second', 'public'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  await keygen(first, publicPath, 1_000);
  await expect(keygen(first, publicPath, 2_000)).rejects.toMatchObject({ code: 'EEXIST' });
  await keygen(second, publicPath, 3_000);
  expect((await stat(first)).mode & 0o777).toBe(0o600);
  const publicFile = await readFile(publicPath, 'utf8');
  expect(publicFile.trim().split('\n')).toHaveLength(2);
  const policy = compile(OPEN_FENCE, { roomId: 'room_1', version: 1 });
  for (const file of [first, second]) {
    const privateFile = await readFile(file, 'utf8');
    expect(publicFile).toContain(publicLineOf(privateFile));
    const signed = await signPolicy(policy, parsePolicySigner(privateFile));
    expect(await verifyPolicy(signed, parsePolicyKeyRing(publicFile))).toEqual(policy);
  }
});
