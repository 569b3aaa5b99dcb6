import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockNow } from '../servers/cache.ts';
import { cgroupsNamed, makeCgroup, removeCgroup } from './cgroup.ts';
import { runToEnd } from './run.ts';

const PREFIX = 'nightjar-cluster-';

/** What the kernel does not take away by itself when a cluster ends: a folder and a control group, of one name. */
export interface Belongings extends AsyncDisposable {
  readonly name: string;
  readonly folder: string;
}

/** Makes them for a new cluster, once those of runs that were killed are gone. */
export async function makeBelongings(): Promise<Belongings> {
  await sweep();
  const name = `${PREFIX}${randomBytes(6).toString('hex')}`;
  await using stack = new AsyncDisposableStack();
  // Held as long as we live: whose lock is free has been killed.
  const lock = await lockNow(name);
  if (!lock) throw new Error(`${name} is taken`);
  stack.use(lock);
  stack.defer(() => remove(name));
  const folder = path.join(tmpdir(), name);
  await mkdir(folder, { mode: 0o755 });
  await makeCgroup(name);
  const all = stack.move();
  return { name, folder, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function sweep(): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of new Set([...folders, ...(await cgroupsNamed(PREFIX))])) {
    await using abandoned = await lockNow(name);
    if (abandoned) await remove(name);
  }
}

async function remove(name: string): Promise<void> {
  await removeCgroup(name);
  // By the system's own, since images are tens of thousands of files; and never into something that is mounted there.
  await runToEnd('rm', ['-rf', '--one-file-system', '--', path.join(tmpdir(), name)]);
}
