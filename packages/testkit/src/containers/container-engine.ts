import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runToEnd } from '../kubernetes/run.ts';
import { cacheRoot, lock } from '../servers/cache.ts';
import { descendants, startChild } from '../servers/child.ts';
import { onPath, outputOf } from '../servers/command.ts';
import { aptGet, mayInstall } from '../servers/fill.ts';
import { serverFolder } from '../servers/running-server.ts';
import { findDockerCli } from './docker-cli.ts';

/** A Docker engine: one that runs here anyway, or one of our own. */
export interface ContainerEngine extends AsyncDisposable {
  /** The client that speaks to it, with `env`. */
  readonly docker: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it is ours: then it ends with this process, and what it has is what was built here. */
  readonly own: boolean;
  /** Puts a command into the engine's network, where that is one of its own; ends in exec. */
  readonly within: readonly string[];
  /**
   * Runs `docker ARGS`, and resolves to what it printed.
   *
   * @throws Error with what it said, when it ends with another code than 0
   */
  run(args: readonly string[], options?: { readonly stdin?: string; readonly cwd?: string }): Promise<string>;
}

export interface ContainerEngineOptions {
  /**
   * `host` (the default): the network of this machine, for builds; containers have none. `own`: one that nothing leads out of, in which
   * containers have networks and publish ports, as by any engine.
   */
  readonly network?: 'host' | 'own';
  /** Hears what takes long. */
  readonly say?: (line: string) => void;
}

const READY_WITHIN_MS = 60_000;
const ASK_AGAIN_MS = 50;
/** Process 1 there is the engine: with it goes everything. */
const APART = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const WITH_LOOPBACK = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const NO_NETWORK = ['--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'];
/** It ends what still runs first. */
const END_WITHIN_MS = 30_000;
/** What repeated builds may keep of their steps. */
const BUILD_CACHE_MAX = '8GB';

/** The engine that answers here; where none does, one of our own. */
export async function findContainerEngine(options: ContainerEngineOptions = {}): Promise<ContainerEngine> {
  const docker = await findDockerCli();
  if (docker && (await outputOf(docker, ['version', '--format', '{{.Server.Version}}'])) !== undefined)
    return { ...client(docker, {}), own: false, within: [], async [Symbol.asyncDispose]() {} };
  return startContainerEngine(options);
}

/**
 * Debian's dockerd (installed where it is missing), as a child that ends with us, together with all that it started: it
 * lives in process and mount namespaces of its own. It never touches the machine's packet filter, listens on a socket in
 * a temporary folder, and keeps images and build steps in the project's cache. One process at a time has it; others wait.
 */
export async function startContainerEngine({
  network = 'host',
  say = toStderr,
}: ContainerEngineOptions = {}): Promise<ContainerEngine> {
  await using stack = new AsyncDisposableStack();
  const { docker, dockerd } = await bringDocker(say);
  const data = path.join(cacheRoot(), 'docker');
  stack.use(await lock(data, () => say('Waiting for another process of this machine that builds images')));
  // Not the cache: names of sockets must be short.
  const folder = await serverFolder('docker', undefined);
  stack.defer(folder.cleanUp);
  const host = `unix://${folder.path}/docker.sock`;
  const config = path.join(folder.path, 'daemon.json');
  await writeFile(
    config,
    JSON.stringify({
      builder: { gc: { enabled: true, policy: [{ keepStorage: BUILD_CACHE_MAX, all: true }] } },
    }),
  );
  const child = await startChild({
    name: 'dockerd',
    within: network === 'own' ? [...APART, '--net', ...WITH_LOOPBACK] : APART,
    command: dockerd,
    args: [
      ...['--config-file', config, '--data-root', data],
      ...['--host', host, '--exec-root', `${folder.path}/exec`, '--pidfile', `${folder.path}/dockerd.pid`],
      ...(network === 'own' ? ['--bridge', 'none'] : NO_NETWORK),
      ...['--ip', '127.0.0.1'],
    ],
    logFile: path.join(folder.path, 'dockerd.log'),
    cwd: '/',
  });
  stack.defer(async () => {
    // unshare, which waits for it, hears no signal but the last.
    const [inside] = descendants(child.pid);
    if (inside !== undefined && child.alive) process.kill(inside, 'SIGTERM');
    const late = setTimeout(() => void child.signal('SIGKILL'), END_WITHIN_MS);
    await child.gone;
    clearTimeout(late);
    // Links of its making that point into its own namespaces.
    await rm(`${folder.path}/exec`, { recursive: true, force: true });
  });
  const self = client(docker, { DOCKER_HOST: host });
  const deadline = performance.now() + READY_WITHIN_MS;
  while ((await outputOf(docker, ['--host', host, 'version'])) === undefined) {
    if (!child.alive || performance.now() > deadline)
      throw new Error(`dockerd does not start; the end of its log:\n${child.logTail(20)}`);
    await delay(ASK_AGAIN_MS);
  }
  const [inside] = descendants(child.pid);
  const within = network === 'own' ? ['nsenter', '--target', `${inside}`, '--net'] : [];
  const all = stack.move();
  return { ...self, own: true, within, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

function client(
  docker: string,
  env: Readonly<Record<string, string>>,
): Pick<ContainerEngine, 'docker' | 'env' | 'run'> {
  const all = { ...env, DOCKER_BUILDKIT: '1' };
  return { docker, env: all, run: (args, options = {}) => runToEnd(docker, args, { ...options, env: all }) };
}

async function bringDocker(say: (line: string) => void): Promise<{ docker: string; dockerd: string }> {
  const there = async () => {
    const dockerd = onPath('dockerd');
    const docker = await findDockerCli();
    return dockerd && docker ? { docker, dockerd } : undefined;
  };
  const before = await there();
  if (process.getuid?.() !== 0 || (!before && !mayInstall(process.env)))
    throw new Error(
      'no container engine answers here (docker version), and only root on Debian can have one of its own: start Docker, or run this as root.',
    );
  if (before) return before;
  await aptGet(['docker.io'], path.join(cacheRoot(), 'logs/docker.log'), say);
  const after = await there();
  if (!after)
    throw new Error('docker.io was installed, but brought no dockerd, or no docker that can build.');
  return after;
}

function toStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
