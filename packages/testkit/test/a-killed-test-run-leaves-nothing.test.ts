import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { exists } from '../src/servers/child.ts';

const checkout = path.resolve(import.meta.dirname, '../../..');

test('the runner is killed while its workers wait in tests that have servers', async () => {
  const temporary = await mkdtemp(path.join(tmpdir(), 'nightjar-killed-'));
  const { default: own } = (await import(path.join(checkout, 'jest.config.mjs'))) as {
    default: { projects: readonly { displayName: string }[] };
  };
  const { displayName: _, ...project } = own.projects[0] ?? {};
  const config = { ...project, testMatch: [`${import.meta.dirname}/fixtures/hanging/*.ts`] };
  const runner = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      path.join(checkout, 'node_modules/jest/bin/jest.js'),
      // Two files for two workers; with one there would be none, and the runner would run it itself.
      ...['--config', JSON.stringify(config), '--maxWorkers', '2', '--testTimeout', '600000'],
    ],
    { cwd: checkout, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TMPDIR: temporary } },
  );
  const servers: number[] = [];
  for await (const line of createInterface({ input: runner.stderr })) {
    const pid = /^started (\d+)$/.exec(line)?.[1];
    if (pid) servers.push(Number(pid));
    if (servers.length === 2) break;
  }
  expect(servers.filter(exists)).toHaveLength(2);
  const ended = once(runner, 'exit');
  runner.kill('SIGKILL');
  await ended;
  const deadline = performance.now() + 5_000;
  while (servers.some(exists) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(servers.filter(exists)).toEqual([]);
  await rm(temporary, { recursive: true, force: true });
});
