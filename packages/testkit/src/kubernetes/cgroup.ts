import { existsSync, statfsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Limits and accounts of processes. In the first version each kind has a tree of its own, in the second there is one. */
const MOUNT = '/sys/fs/cgroup';
const CGROUP2 = 0x63677270;
const CONTROLLERS = ['cpu', 'cpuset', 'io', 'memory', 'pids'];
const EMPTY_WITHIN_MS = 10_000;

/** Makes a group of this name at the top, in which a kubelet can make those of its pods. */
export async function makeCgroup(name: string): Promise<void> {
  if (!existsSync(MOUNT)) throw new Error(`a node of Kubernetes needs control groups, at ${MOUNT}`);
  if (statfsSync(MOUNT).type === CGROUP2) await makeInOneTree(name);
  else for (const tree of await trees()) await makeInTree(tree, name);
}

/** Takes such a group away with all those in it, once no process is left there. */
export async function removeCgroup(name: string): Promise<void> {
  for (const tree of [MOUNT, ...(await trees())]) await removeTree(path.join(tree, name));
}

/** Names of groups at the top that begin so. */
export async function cgroupsNamed(prefix: string): Promise<string[]> {
  const found = new Set<string>();
  for (const tree of [MOUNT, ...(await trees())])
    for (const name of await folders(tree)) if (name.startsWith(prefix)) found.add(name);
  return [...found];
}

async function makeInTree(tree: string, name: string): Promise<void> {
  const group = path.join(tree, name);
  await mkdir(group, { recursive: true });
  // Nothing can be put into a cpuset that has no processor, and a new one has none.
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (existsSync(path.join(tree, file)))
      await writeFile(path.join(group, file), await readFile(path.join(tree, file)));
  }
}

async function makeInOneTree(name: string): Promise<void> {
  const there = (await readFile(path.join(MOUNT, 'cgroup.controllers'), 'utf8')).split(/\s+/);
  const wanted = CONTROLLERS.filter((controller) => there.includes(controller));
  const allow = async (group: string) => {
    for (const controller of wanted)
      await writeFile(path.join(group, 'cgroup.subtree_control'), `+${controller}`);
  };
  try {
    await allow(MOUNT);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    // In a container the top is that container's own group, and must hold no process itself.
    await moveProcesses(path.join(MOUNT, 'init'));
    await allow(MOUNT);
  }
  const group = path.join(MOUNT, name);
  await mkdir(group);
  await allow(group);
}

async function moveProcesses(group: string): Promise<void> {
  await mkdir(group, { recursive: true });
  const pids = (await readFile(path.join(MOUNT, 'cgroup.procs'), 'utf8')).trim().split('\n');
  for (const pid of pids) {
    // It may have ended meanwhile.
    await writeFile(path.join(group, 'cgroup.procs'), pid).catch(() => {});
  }
}

/** The trees of the first version, each once (some have two names), and beside them one of the second, which has no limits. */
async function trees(): Promise<string[]> {
  if (!existsSync(MOUNT) || statfsSync(MOUNT).type === CGROUP2) return [];
  return (await folders(MOUNT)).map((name) => path.join(MOUNT, name));
}

async function removeTree(group: string): Promise<void> {
  if (!existsSync(group)) return;
  for (const name of await folders(group)) await removeTree(path.join(group, name));
  const deadline = performance.now() + EMPTY_WITHIN_MS;
  for (;;) {
    try {
      return await rmdir(group);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      // A process that was killed is in it until it has gone.
      if (code !== 'EBUSY' || performance.now() > deadline) throw error;
      await delay(20);
    }
  }
}

async function folders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
