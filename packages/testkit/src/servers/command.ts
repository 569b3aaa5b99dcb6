import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, createWriteStream, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { logTail } from './child.ts';

/** The file that a shell would run for this name. */
export function onPath(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder || '.', name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** What a program prints, or nothing when it cannot be run. */
export function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 10_000 }, (error, stdout, stderr) =>
      resolve(error ? undefined : stdout + stderr),
    );
  });
}

/** Runs a build step into a log file; its last lines are in the error when it fails. */
export async function runLogged(
  command: string,
  args: readonly string[],
  options: { logFile: string; cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  await mkdir(path.dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  await once(log, 'open');
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: { ...process.env, ...options.env },
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  log.close();
  if (code !== 0) {
    throw new Error(
      `${path.basename(command)} ${args.slice(0, 3).join(' ')} ended with ${code ?? signal}:\n` +
        `${logTail(options.logFile, 12)}\n(all of it: ${options.logFile})`,
    );
  }
}
