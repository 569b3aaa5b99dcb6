import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { parseAddress } from '@nightjar/kit/cidr';

const ESTABLISHED = '01';

/**
 * Where a URL leads, as the kernel's tables write it. By address and port: in a cluster services differ in their address alone.
 *
 * @returns nothing where its name leads nowhere
 */
export async function remotesOf(url: string): Promise<ReadonlySet<string>> {
  const { hostname, port, protocol } = new URL(url);
  const found = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true }).catch(() => []);
  const toPort = Number(port || (protocol === 'https:' ? 443 : 80));
  return new Set(found.flatMap(({ address }) => inKernelsWords(address, toPort)));
}

/** `0100007F:1F90` is 127.0.0.1:8080: four bytes at a time, the last first. IPv4 may stand among IPv6 as well. */
export function inKernelsWords(address: string, port: number): string[] {
  const bytes = parseAddress(address);
  if (!bytes) return [];
  let words = '';
  for (let at = 0; at < bytes.length; at += 4)
    words += Buffer.from(bytes.slice(at, at + 4))
      .reverse()
      .toString('hex');
  const end = `${words}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
  return bytes.length === 4 ? [end, `0000000000000000FFFF0000${end}`] : [end];
}

/**
 * Connections that a process holds to some remote, as the kernel counts them: workerd has no word for how many sockets it
 * passes on, and a Worker that looked at each would cost every frame.
 *
 * @returns undefined where the system does not let us see it
 */
export function connectionsTo(pid: number, remotes: ReadonlySet<string>): number | undefined {
  if (remotes.size === 0) return undefined;
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
        ([, , remote = '', state, , , , , , inode]) =>
          state === ESTABLISHED && remotes.has(remote) && inode !== undefined && own.has(inode),
      ).length;
  } catch {
    return undefined;
  }
}
