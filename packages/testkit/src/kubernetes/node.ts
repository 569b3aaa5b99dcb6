import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, type Death, descendants, startChild } from '../servers/child.ts';
import { onPath } from '../servers/command.ts';
import { NODE_INIT, type NodePaths } from './node-settings.ts';

/** Namespaces of a machine within this one: network, mounts, processes, names. */
export interface Node extends AsyncDisposable {
  /** Puts a command into its network alone; the file system stays ours. */
  readonly inNetwork: readonly string[];
  /** Puts a command into all of its namespaces. */
  readonly inside: readonly string[];
}

export interface Surroundings {
  readonly node: Node;
  readonly paths: NodePaths;
  readonly logs: string;
  readonly onDeath?: ((part: string, death: Death) => void) | undefined;
}

const UP_WITHIN_MS = 10_000;
// What these hold is covered inside.
const COVERED = ['/var/lib', '/var/log', '/run', '/var/run'];

/**
 * @throws Error with what is wrong and the way out, where no node can be made
 */
export function checkCanHaveNode(
  folders: readonly { readonly folder: string; readonly variable: string }[],
  uid = process.getuid?.(),
): void {
  if (uid !== 0) {
    throw new Error(
      'a cluster takes root, since it makes namespaces, mounts and control groups: run this as root ' +
        '(a control plane alone, startControlPlane, takes no rights)',
    );
  }
  for (const { folder, variable } of folders) {
    const covering = COVERED.find((one) => `${folder}/`.startsWith(`${one}/`));
    if (covering) {
      throw new Error(
        `${folder} is not seen in a cluster, which has a ${covering} of its own: set ${variable} to another place`,
      );
    }
  }
}

/** Nothing of it is left when it is disposed of, or when we end, however we end. */
export async function startNode(
  paths: NodePaths,
  logs: string,
  onDeath: ((death: Death) => void) | undefined,
): Promise<Node> {
  for (const tool of ['unshare', 'nsenter', 'ip']) {
    if (!onPath(tool)) throw new Error(`${tool} is not on the PATH (Debian: util-linux, iproute2)`);
  }
  for (const folder of [paths.varLib, paths.volumes, logs]) await mkdir(folder, { recursive: true });
  const outer = await startChild({
    name: 'node',
    // When this program is killed the kernel kills its child, and so the namespaces.
    command: 'unshare',
    args: [
      ...['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc', '--'],
      ...['sh', '-c', NODE_INIT, 'node', paths.folder, logs],
    ],
    logFile: path.join(logs, 'node.log'),
    onDeath,
  });
  const first = await untilUp(outer, paths);
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid'];
  return {
    inNetwork: ['nsenter', '--target', `${first}`, '--net', '--'],
    inside: [
      ...['nsenter', '--target', `${first}`, ...namespaces, '--'],
      // Through two processes, so that the second must be told to go with the first.
      ...['setpriv', '--pdeathsig', 'KILL', '--', 'env', 'TMPDIR=/run/tmp'],
    ],
    async [Symbol.asyncDispose]() {
      await outer.signal('SIGKILL');
    },
  };
}

async function untilUp(outer: Child, paths: NodePaths): Promise<number> {
  const deadline = performance.now() + UP_WITHIN_MS;
  while (outer.alive && performance.now() < deadline) {
    const first = descendants(outer.pid)[0];
    if (first !== undefined && existsSync(paths.up)) return first;
    await delay(5);
  }
  await outer.signal('SIGKILL');
  throw new Error(
    'no namespaces for a node of Kubernetes: this takes root with all its rights (in a container: --privileged)\n' +
      outer.logTail(),
  );
}
