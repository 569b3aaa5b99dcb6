import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A process of this bench. It ends with us. */
export interface BenchProcess extends AsyncDisposable {
  /** What it said first on standard output, or over the channel as {ready}. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Tips that reached it, and when. */
  readonly arrived: ReadonlyMap<string, bigint>;
}

export function startProcess(file: string, settings: object): BenchProcess {
  const child: ChildProcess = fork(path.join(import.meta.dirname, file), [JSON.stringify(settings)], {
    execArgv: ['--conditions=nightjar-source'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const arrived = new Map<string, bigint>();
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    child.on('message', (message: { ready?: boolean; tipId?: string; ns?: string }) => {
      if (message.ready) resolve({});
      else if (message.tipId !== undefined && message.ns !== undefined && !arrived.has(message.tipId))
        arrived.set(message.tipId, BigInt(message.ns));
    });
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  ready.catch(() => {});
  return {
    ready,
    arrived,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
