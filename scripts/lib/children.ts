import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dieWithParent } from '@nightjar/testkit/servers/child';
import { root } from './root.ts';

/** A program of the foreground that ends when we do, however we do. */
export function spawnTied(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const [command = '', ...rest] = [...dieWithParent(), program, ...args];
  return spawn(command, rest, { cwd: root, ...options });
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs it to its end, with both its outputs together. */
export async function runTied(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  const child = spawnTied(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output.trim() };
}
