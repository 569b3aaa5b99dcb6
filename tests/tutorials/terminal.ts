import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Child, plainEnvironment, startChild } from '@nightjar/testkit/servers/child';
import { root } from '../../scripts/lib/root.ts';

/** A shell in the checkout, as a tutorial's reader has it. */
export class Terminal implements AsyncDisposable {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #runs = 0;
  #printed = '';
  #stays: Child | undefined;

  /**
   * @param folder for what is printed, and for the reader's keys
   * @param state of the installation that `scripts/start` would have here
   */
  constructor(folder: string, state: string) {
    this.#folder = folder;
    const { NIGHTJAR_CACHE } = process.env;
    this.#env = {
      ...plainEnvironment(),
      NIGHTJAR_STATE: state,
      NIGHTJAR_HOME: path.join(folder, 'keys'),
      ...(NIGHTJAR_CACHE === undefined ? {} : { NIGHTJAR_CACHE }),
    };
  }

  /** What the last `run` printed. */
  get printed(): string {
    return this.#printed;
  }

  /** What the program that was left running has printed. @throws Error when it has ended */
  stillRuns(): string {
    const child = this.#stays;
    if (!child) throw new Error('nothing was left running');
    const printed = readFileSync(child.logFile, 'utf8');
    if (!child.alive) throw new Error(`it has ended; it printed:\n${printed}`);
    return printed;
  }

  /** @throws Error when it ends with anything but 0 */
  async run(script: string): Promise<void> {
    const child = await this.#spawn(script);
    const { code } = await child.gone;
    this.#printed = await readFile(child.logFile, 'utf8');
    if (code !== 0) throw new Error(`it ended with ${code}:\n${script}\n${this.#printed}`);
  }

  /** Runs it until the terminal is closed. */
  async start(script: string): Promise<void> {
    this.#stays = await this.#spawn(script);
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stays?.end('SIGINT');
  }

  async #spawn(script: string): Promise<Child> {
    this.#runs += 1;
    const logFile = path.join(this.#folder, `terminal-${this.#runs}.log`);
    return startChild({
      name: 'terminal',
      command: 'sh',
      args: ['-euc', script],
      cwd: root,
      env: this.#env,
      logFile,
    });
  }
}
