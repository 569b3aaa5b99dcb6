import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = path.join(import.meta.dirname, '../src/main.ts');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  /** What it says to people when something is wrong. */
  readonly said: string;
}

/** Runs the program itself, with these settings and no others. */
export async function runSetup(command: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  return startSetup(command, env).ended;
}

export function startSetup(command: string, env: Readonly<Record<string, string>>) {
  const child = spawn(
    process.execPath,
    ['--conditions=nightjar-source', '--disable-warning=ExperimentalWarning', PROGRAM, command],
    { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, said]): Ran => ({ code, out, said }),
  );
  return { child, ended };
}
