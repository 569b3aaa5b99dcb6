import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/lib/root.ts';

/** A line of `nightjar-bridge --json`. */
export interface BridgeLine {
  readonly is: string;
  readonly atMs: number;
  readonly [field: string]: unknown;
}

/** `nightjar-bridge` as a process of its own, as a broadcaster runs it. */
export class BridgeProgram implements AsyncDisposable {
  readonly lines: BridgeLine[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit');
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{')) this.lines.push(JSON.parse(line) as BridgeLine);
      });
    }
  }

  /** @param folder where its keys lie: the broadcaster's device key among them */
  static async start(options: {
    roomId: string;
    folder: string;
    endpoints: object;
    driver: readonly string[];
  }): Promise<BridgeProgram> {
    const file = path.join(options.folder, 'endpoints.json');
    await writeFile(file, JSON.stringify(options.endpoints));
    const main = path.join(root, 'packages/bridge/dist/cli/main.js');
    const args = ['--room', options.roomId, '--endpoints', file, '--keys', options.folder, '--arm', '--json'];
    const child = spawn(process.execPath, [main, ...args, ...options.driver], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new BridgeProgram(child);
  }

  /** The state that it told last. */
  get state(): BridgeLine | undefined {
    return this.lines.findLast(({ is }) => is === 'state');
  }

  get isArmed(): boolean {
    const state = this.state as { arm?: { phase?: string }; permit?: boolean; server?: string } | undefined;
    return state?.arm?.phase === 'armed' && state.permit === true;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** A person's hand on the keyboard. */
  type(key: 'a' | 's' | 'q'): void {
    this.#child.stdin?.write(`${key}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
