import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { descendants, exists } from '@nightjar/testkit/servers/child';
import { freePort } from '@nightjar/testkit/servers/ports';
import { PORT_SETTINGS } from '../../scripts/lib/port-table.ts';
import { root } from '../../scripts/lib/root.ts';

/** `scripts/start` as a person runs it, on ports and a state folder of its own. */
export interface Start extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Its settings, as another one would be given them. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves once it has said so; rejects when it ends before. */
  says(what: RegExp): Promise<void>;
  readonly said: string;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  /** Everything that it has started, seen from the kernel. */
  children(): number[];
}

export async function settings(): Promise<{ env: Record<string, string>; cleanUp(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-start-'));
  // PostgreSQL runs as another user when we are root, and must get there.
  await chmod(folder, 0o755);
  const env: Record<string, string> = { NIGHTJAR_STATE: path.join(folder, 'state') };
  for (const setting of PORT_SETTINGS) env[setting] = `${await freePort()}`;
  return { env, cleanUp: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

export function runStart(env: Readonly<Record<string, string>>, ...args: string[]): Start {
  const child = spawn(
    process.execPath,
    ['--conditions=nightjar-source', path.join(root, 'scripts/start.ts'), ...args],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } },
  );
  let said = '';
  const waiting = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const look of waiting) look();
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    process: child,
    env,
    says: (what) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!what.test(said)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended and never said ${what}:\n${said}`)));
      }),
    get said() {
      return said;
    },
    ended,
    children: () => descendants(child.pid as number),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export async function allGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (pids.some(exists)) {
    if (performance.now() > deadline) throw new Error(`still there: ${pids.filter(exists).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
