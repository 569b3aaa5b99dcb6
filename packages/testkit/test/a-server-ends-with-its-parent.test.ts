import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { descendants, exists } from '../src/servers/child.ts';

// The parent is a real process that starts real servers, says which processes those are, and then is ended.
const fixture = path.join(import.meta.dirname, 'fixtures/starts-servers.ts');
let parent: ChildProcess | undefined;
let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(path.join(tmpdir(), 'nightjar-parent-'));
  // PostgreSQL runs as another user when we are root, and must get there.
  await chmod(temporary, 0o755);
});

afterEach(async () => {
  parent?.kill('SIGKILL');
  await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
});

async function startParent(...args: string[]): Promise<number[]> {
  parent = spawn(process.execPath, ['--conditions=nightjar-source', fixture, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  });
  if (!parent.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: parent.stdout })) {
    if (line === 'ready') return [...descendants(parent.pid as number)];
  }
  throw new Error('the parent ended before its servers were ready');
}

async function allGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (pids.some(exists)) {
    if (performance.now() > deadline) throw new Error(`still there: ${pids.filter(exists).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
  test(`of five servers nothing is left when their parent ends by ${signal}`, async () => {
    const pids = await startParent('postgres', 'redis', 'nats', 'livekit', 'intiface');
    // Five servers, the relay of one, and PostgreSQL's own processes.
    expect(pids.length).toBeGreaterThan(8);
    const ended = once(parent as ChildProcess, 'exit');
    parent?.kill(signal);
    await ended;
    await allGone(pids);
  });
}

test('a server that is paused, with a client connected, is gone too when its parent is killed', async () => {
  const pids = await startParent('postgres', 'redis', 'pause');
  const ended = once(parent as ChildProcess, 'exit');
  parent?.kill('SIGKILL');
  await ended;
  await allGone(pids);
});
