import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Child, type Death, exists } from './child.ts';
import { claimPort, freePort } from './ports.ts';

/** A server of this machine that this process started, and that ends with it. */
export interface RunningServer extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** Of the present process: another one after `restart`. */
  readonly pid: number;
  readonly logFile: string;
  /** Ends in order; what it stored stays, for `restart`. */
  stop(): Promise<void>;
  /** SIGKILL (the default) is awaited, and hits descendants too, like a power cut. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Freezes it with its connections open (SIGSTOP), until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts it again, after an orderly stop where it still runs: same port, same data. */
  restart(): Promise<void>;
}

export interface ServerOptions {
  /** A fixed port; otherwise a free one is found. */
  readonly port?: number;
  /** The setting to name when the fixed port is taken. */
  readonly portSetting?: string;
  /** Where data and log go, and stay; otherwise a temporary folder that goes with the server. */
  readonly directory?: string;
  /** Called when it ends without having been told to. */
  readonly onDeath?: (death: Death) => void;
}

export interface ServerSpec {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly logFile: string;
  launch(): Promise<Child>;
  /** One real round trip; throws while the server is not ready. */
  ask(): Promise<unknown>;
  readonly readyWithinMs: number;
  readonly stopSignal: NodeJS.Signals;
  readonly stopAgainMs?: number;
  /** After this it is ended by force; 10 s unless given. */
  readonly stopWithinMs?: number;
  cleanUp(): Promise<void>;
}

export async function runServer(spec: ServerSpec): Promise<RunningServer> {
  let child: Child;
  try {
    child = await launchReady(spec);
  } catch (error) {
    await spec.cleanUp();
    throw error;
  }
  const server: RunningServer = {
    name: spec.name,
    url: spec.url,
    port: spec.port,
    logFile: spec.logFile,
    get pid() {
      return child.pid;
    },
    async stop() {
      await child.end(spec.stopSignal, {
        againMs: spec.stopAgainMs,
        ...(spec.stopWithinMs === undefined ? {} : { graceMs: spec.stopWithinMs }),
      });
    },
    kill: (signal = 'SIGKILL') => child.signal(signal),
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    async restart() {
      await server.stop();
      child = await launchReady(spec);
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await spec.cleanUp();
    },
  };
  return server;
}

async function launchReady(spec: ServerSpec): Promise<Child> {
  const child = await spec.launch();
  const deadline = performance.now() + spec.readyWithinMs;
  let last: unknown;
  while (child.alive && performance.now() < deadline) {
    try {
      await spec.ask();
      return child;
    } catch (error) {
      last = error;
      await Promise.race([child.gone, new Promise((resolve) => setTimeout(resolve, 10))]);
    }
  }
  const how = child.alive
    ? `does not answer within ${spec.readyWithinMs} ms (${String(last)})`
    : 'ended while starting';
  await child.signal('SIGKILL');
  throw new Error(`${spec.name} ${how}; the end of ${spec.logFile}:\n${child.logTail()}`);
}

/** Starts on the wanted port, or on free ones until one has not been taken in the meantime. */
export async function onPort<T>(
  what: string,
  options: ServerOptions,
  start: (port: number) => Promise<T>,
): Promise<T> {
  if (options.port !== undefined) return start(await claimPort(options.port, what, options.portSetting));
  for (let tries = 1; ; tries++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (tries === 5 || !/(address|port).*(already )?in use/i.test(String(error))) throw error;
    }
  }
}

export interface ServerFolder {
  readonly path: string;
  cleanUp(): Promise<void>;
}

export async function serverFolder(name: string, directory: string | undefined): Promise<ServerFolder> {
  if (directory !== undefined) {
    await mkdir(directory, { recursive: true, mode: 0o755 });
    return { path: directory, cleanUp: async () => {} };
  }
  const prefix = path.join(tmpdir(), 'nightjar-server-');
  sweeping ??= sweepAbandoned(prefix);
  await sweeping;
  const temporary = await mkdtemp(`${prefix}${process.pid}-${name}-`);
  await chmod(temporary, 0o755);
  return { path: temporary, cleanUp: () => rm(temporary, { recursive: true, force: true, maxRetries: 3 }) };
}

let sweeping: Promise<void> | undefined;
const ABANDONED_MS = 3_600_000;

/** Whoever was killed left its servers' folders: they go an hour later, when the next one starts a server. */
async function sweepAbandoned(prefix: string): Promise<void> {
  const folder = path.dirname(prefix);
  for (const name of await readdir(folder)) {
    const owner = name.startsWith(path.basename(prefix)) ? /-(\d+)-/.exec(name)?.[1] : undefined;
    if (owner === undefined || exists(Number(owner))) continue;
    try {
      const abandoned = path.join(folder, name);
      if (Date.now() - (await stat(abandoned)).mtimeMs < ABANDONED_MS) continue;
      await rm(abandoned, { recursive: true, force: true });
    } catch {
      // Another user's, or just swept by another process.
    }
  }
}
