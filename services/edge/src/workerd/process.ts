import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { END_MS_MAX, START_LOOK_EVERY_MS, START_MS_MAX } from '../limits.ts';

export interface Workerd extends AsyncDisposable {
  readonly pid: number;
  /** Settles when it has gone, by itself or because it was told to. */
  readonly gone: Promise<void>;
}

/**
 * Runs workerd until it is disposed. Its configuration has a key in it: it lies in a folder that only we may read, and goes
 * as soon as workerd has read it.
 *
 * @param config the configuration's text, which names the bundle `worker.js`
 * @param ready  a URL that answers once the door is open
 */
export async function startWorkerd(options: {
  config: string;
  bundle: string;
  ready: string;
}): Promise<Workerd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-edge-'));
  let child: ChildProcess;
  try {
    const file = path.join(folder, 'config.capnp');
    await writeFile(file, options.config, { mode: 0o600 });
    await copyFile(options.bundle, path.join(folder, 'worker.js'));
    child = await launch(file);
    await untilReady(child, options.ready);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const gone = ended(child);
  return {
    pid: child.pid as number,
    gone,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX);
      await gone;
      clearTimeout(forced);
    },
  };
}

async function launch(file: string): Promise<ChildProcess> {
  // Its package's main module names the program.
  const program = createRequire(import.meta.url)('workerd') as { default: string };
  const command = [program.default, 'serve', file];
  // The kernel ends it with us, where it can: an edge that nobody drains and nobody watches is worse than none.
  const tied = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];
  const [first, ...rest] = [...tied, ...command] as [string, ...string[]];
  const child = spawn(first, rest, { stdio: ['ignore', 'inherit', 'inherit'], env: {} });
  await once(child, 'spawn');
  return child;
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_MS_MAX;
  while (!hasEnded(child) && performance.now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, START_LOOK_EVERY_MS));
  }
  const how = hasEnded(child) ? 'ended while it started' : `does not answer within ${START_MS_MAX} ms`;
  child.kill('SIGKILL');
  throw new Error(`workerd ${how}`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit');
}
