import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { dieWithParent, plainEnvironment } from '../servers/child.ts';

export interface RunOptions {
  readonly stdin?: string | undefined;
  /** Wraps the command, for example in another network namespace; must end in exec. */
  readonly within?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/**
 * Runs a program to its end, and resolves to what it printed. It ends when we do.
 *
 * @throws Error with what it said, when it ends with another code than 0
 */
export async function runToEnd(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const [command, ...rest] = [...dieWithParent(), ...(options.within ?? []), program, ...args] as [
    string,
    ...string[],
  ];
  const child = spawn(command, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...plainEnvironment(), ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  // A program that does not read to the end is no fault of ours.
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const [said, complained, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  if (code !== 0) {
    throw new Error(
      `${program.split('/').at(-1)} ${args.slice(0, 6).join(' ')} ended with ${code ?? signal}:\n` +
        `${complained}${said}`.trimEnd(),
    );
  }
  return said;
}
