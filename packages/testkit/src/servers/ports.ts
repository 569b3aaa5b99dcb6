import { createSocket } from 'node:dgram';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

// Below the range that Linux takes outgoing connections' ports from, so that a stopped server finds its port again.
const FIRST = 20_000;
/** Each process looks in a part of its own, so that two that look at one moment do not find the same port. */
const PART = 400;
const PARTS = 30;
/** Ports found lately: somebody is about to listen there. */
const RECENT_MAX = 200;
const recent = new Set<number>();

export type Transport = 'tcp' | 'udp';

export function isFree(port: number, transport: Transport = 'tcp'): Promise<boolean> {
  return new Promise((resolve) => {
    if (transport === 'udp') {
      const probe = createSocket('udp4');
      probe.once('error', () => resolve(false));
      probe.bind({ port, address: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
      return;
    }
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A loopback port on which nothing listens at this moment, and which was not found for somebody else a moment ago. */
export async function freePort(transport: Transport = 'tcp'): Promise<number> {
  const first = FIRST + (process.pid % PARTS) * PART;
  for (let tries = 0; tries < PART; tries++) {
    const port = first + Math.floor(Math.random() * PART);
    if (recent.has(port)) continue;
    remember(port);
    if (await isFree(port, transport)) return port;
  }
  throw new Error(`no free port found between ${first} and ${first + PART - 1} on 127.0.0.1`);
}

function remember(port: number): void {
  recent.add(port);
  const [oldest] = recent;
  if (recent.size > RECENT_MAX && oldest !== undefined) recent.delete(oldest);
}

/** Names the process that listens on a port, where the system lets us see it. */
export function portHolder(port: number, transport: Transport = 'tcp'): string | undefined {
  const inodes = new Set<string>();
  const listening = transport === 'tcp' ? '0A' : '07';
  for (const table of [`/proc/net/${transport}`, `/proc/net/${transport}6`]) {
    for (const line of readLines(table)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === listening && inode && Number.parseInt(local?.split(':')[1] ?? '', 16) === port)
        inodes.add(inode);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        if (inode && inodes.has(inode)) {
          return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}, process ${pid}`;
        }
      }
    } catch {
      // Processes of other users, and those that have just ended.
    }
  }
  return undefined;
}

/** Refuses a taken port in words that say whose it is and which setting moves ours. */
export async function claimPort(
  port: number,
  what: string,
  setting?: string,
  transport: Transport = 'tcp',
): Promise<number> {
  if (await isFree(port, transport)) return port;
  const holder = portHolder(port, transport);
  throw new Error(
    `${transport === 'udp' ? 'UDP ' : ''}port ${port} of 127.0.0.1, wanted for ${what}, is taken${holder ? ` by ${holder}` : ''}` +
      (setting ? `: end that, or set ${setting} to a free port` : ''),
  );
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}
