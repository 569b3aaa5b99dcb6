import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const ESTABLISHED = '01';

/**
 * Connections that a process holds to a remote port, as the kernel counts them: workerd has no word for how many sockets it
 * passes on, and a Worker that looked at each would cost every frame.
 *
 * @returns undefined where the system does not let us see it
 */
export function connectionsTo(pid: number, port: number): number | undefined {
  try {
    const own = new Set(
      readdirSync(`/proc/${pid}/fd`).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        } catch {
          // Closed since.
          return undefined;
        }
      }),
    );
    return ['tcp', 'tcp6']
      .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, , remote, state, , , , , , inode]) =>
          state === ESTABLISHED &&
          Number.parseInt(remote?.split(':')[1] ?? '', 16) === port &&
          inode !== undefined &&
          own.has(inode),
      ).length;
  } catch {
    return undefined;
  }
}
