import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { exists } from './child.ts';

/**
 * After a kill PostgreSQL finds its own lock file with a process in it that is dead but not yet buried (in a container
 * nobody may ever bury it), and refuses to start. Once nobody is at work in the data folder the lock is taken away.
 * Whoever calls this must be the only one who starts a server there.
 */
export async function clearLeftovers(data: string): Promise<void> {
  const lockFile = path.join(data, 'postmaster.pid');
  const pid = Number.parseInt(read(lockFile)?.split('\n')[0] ?? '', 10);
  if (Number.isNaN(pid) || isAtWork(pid, realpathSync(data))) return;
  const deadline = performance.now() + 5_000;
  // Backends outlive their postmaster by a moment, and still write.
  while (workersIn(realpathSync(data)).length > 0) {
    if (performance.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  rmSync(lockFile, { force: true });
}

function workersIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAtWork(pid, folder));
}

// The number may be another program's by now; PostgreSQL's processes all work in their data folder.
function isAtWork(pid: number, folder: string): boolean {
  try {
    return exists(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
