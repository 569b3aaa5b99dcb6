/** nightjar-bridge as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface Line {
  readonly is: string;
  readonly what?: string;
  readonly level?: number;
  readonly tipId?: string;
  readonly arm?: { readonly phase: string; readonly why?: string };
  readonly permit?: boolean;
}

export class CommandLine {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  errors = '';

  constructor(args: readonly string[], env: Record<string, string>) {
    const program = path.join(import.meta.dirname, '../../src/cli/main.ts');
    this.#child = spawn(process.execPath, ['--conditions=nightjar-source', program, '--json', ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.#child;
    if (stdout) createInterface(stdout).on('line', (line) => this.lines.push(JSON.parse(line) as Line));
    stderr?.on('data', (data) => {
      this.errors += String(data);
    });
  }

  get writes(): Line[] {
    return this.lines.filter(({ is }) => is === 'write');
  }

  get state(): Line | undefined {
    return this.lines.findLast(({ is }) => is === 'state');
  }

  get moves(): boolean {
    return (this.writes.at(-1)?.level ?? 0) > 0;
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** @returns the exit code, or the signal's name. Without a signal it waits for an end of its own. */
  async end(signal?: NodeJS.Signals): Promise<number | string> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? String(signalCode);
    if (signal !== undefined) this.#child.kill(signal);
    const [code, by] = (await once(this.#child, 'close')) as [number | null, string | null];
    return code ?? String(by);
  }

  async until(what: string, holds: () => boolean, withinMs = 15_000): Promise<void> {
    for (const end = performance.now() + withinMs; !holds(); await new Promise((r) => setTimeout(r, 5))) {
      if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}\n${this.errors}`);
    }
  }
}
