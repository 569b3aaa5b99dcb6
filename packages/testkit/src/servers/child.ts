import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';

export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Output is appended here. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string | undefined;
  /** Runs as this user (only root can). */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Handed over as file descriptors 3, 4, … */
  readonly sockets?: readonly Server[] | undefined;
  /** Wraps the command, for example in another network namespace; must end in exec. */
  readonly within?: readonly string[] | undefined;
  /** Called when the process ends without having been told to by `end` or `signal`. */
  readonly onDeath?: ((death: Death) => void) | undefined;
}

export interface Child {
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has gone. */
  readonly gone: Promise<Death>;
  readonly alive: boolean;
  /** Sends a signal to the process and all its descendants; a deadly one is awaited. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Asks politely (again every `againMs`, where a second asking means at once), and after `graceMs` ends it by force. */
  end(signal?: NodeJS.Signals, options?: { graceMs?: number; againMs?: number | undefined }): Promise<Death>;
  logTail(lines?: number): string;
}

/**
 * A process that cannot outlive this one, however this one ends: the kernel kills it when its parent dies.
 * It has a session of its own, so that Ctrl-C in a terminal reaches only the parent, which ends it in order.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, 'a');
  let child: ChildProcess;
  try {
    const [command, ...args] = [
      ...dieWithParent(options.user),
      ...(options.within ?? []),
      options.command,
      ...options.args,
    ] as [string, ...string[]];
    child = spawn(command, args, {
      stdio: ['ignore', log, log, ...(options.sockets ?? []).map(descriptor)],
      env: options.env ?? plainEnvironment(),
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    await once(child, 'spawn');
  } finally {
    closeSync(log);
  }
  const pid = child.pid as number;
  let told = false;
  let alive = true;
  const gone = new Promise<Death>((resolve) => {
    child.once('exit', (code, signal) => {
      alive = false;
      if (!told) options.onDeath?.({ code, signal });
      resolve({ code, signal });
    });
  });

  let guard: ChildProcess | undefined;
  const send = (signal: NodeJS.Signals, pids: readonly number[]) => {
    for (const each of pids) {
      try {
        process.kill(each, signal);
      } catch {
        // Gone already.
      }
    }
  };

  const self: Child = {
    pid,
    logFile: options.logFile,
    gone,
    get alive() {
      return alive;
    },
    async signal(signal) {
      if (!alive) return;
      const pids = [pid, ...descendants(pid)];
      if (signal === 'SIGSTOP') {
        guard ??= guardStopped(pids);
        send(signal, pids);
        return;
      }
      if (signal === 'SIGCONT') {
        send(signal, pids);
        guard?.stdin?.end('go on\n');
        guard = undefined;
        return;
      }
      if (signal === 'SIGKILL') {
        told = true;
        send(signal, pids);
        guard?.stdin?.end('go on\n');
        guard = undefined;
        await gone;
        await vanished(pids);
        return;
      }
      told = true;
      send(signal, [pid]);
    },
    async end(signal = 'SIGTERM', { graceMs = 10_000, againMs } = {}) {
      if (!alive) return gone;
      told = true;
      if (guard) await self.signal('SIGCONT');
      send(signal, [pid]);
      const timer = setTimeout(() => send('SIGKILL', [...descendants(pid), pid]), graceMs);
      const again = againMs === undefined ? undefined : setInterval(() => send(signal, [pid]), againMs);
      const death = await gone;
      clearTimeout(timer);
      clearInterval(again);
      return death;
    },
    logTail: (lines = 15) => logTail(options.logFile, lines),
  };
  return self;
}

export function logTail(file: string, lines = 15): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/** The environment for servers: none of our own settings, which some of them would refuse or misread. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('NIGHTJAR_')));
}

// The parent may die between fork and prctl: the shell looks at its parent once more, then becomes the command.
export function dieWithParent(user?: { uid: number; gid: number }): string[] {
  const as = user ? ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups'] : [];
  return [
    'setpriv',
    ...as,
    '--pdeathsig',
    'KILL',
    '--',
    'sh',
    '-c',
    '[ "$PPID" = "$0" ] && exec "$@"',
    `${process.pid}`,
  ];
}

/**
 * A stopped descendant hears nothing of its parent's death (PostgreSQL's backends watch a pipe), so while a server is
 * stopped a shell holds our pipe, and kills them when it closes without a word.
 */
function guardStopped(pids: readonly number[]): ChildProcess {
  const guard = spawn('sh', ['-c', 'read -r word || kill -9 "$@"', 'sh', ...pids.map(String)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref?(): void }).unref?.();
  guard.stdin?.on('error', () => {});
  return guard;
}

/** Children, and theirs, of a process as the kernel lists them now. */
export function descendants(pid: number): number[] {
  const found: number[] = [];
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ')) {
        if (child !== '') found.push(Number(child), ...descendants(Number(child)));
      }
    }
  } catch {
    // Ended while we looked.
  }
  return found;
}

async function vanished(pids: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (!pids.some(exists)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function exists(pid: number): boolean {
  try {
    // A zombie is dead: only its parent has not looked yet.
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

// Node has no public name for it, and its own way of handing a server over is for Node children with a channel.
function descriptor(server: Server): number {
  return (server as unknown as { _handle: { fd: number } })._handle.fd;
}
