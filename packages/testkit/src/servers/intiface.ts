import { once } from 'node:events';
import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { WebSocket } from 'ws';
import { type Child, type Death, startChild } from './child.ts';
import { onPath } from './command.ts';
import { findEngine } from './engines.ts';
import { claimPort, freePort } from './ports.ts';
import { onPort, type RunningServer, runServer, type ServerOptions, serverFolder } from './running-server.ts';

export interface IntifaceOptions extends ServerOptions {
  readonly devicePort?: number;
  /** Buttplug's MaxPingTime; 0 is off, the engine's own default. */
  readonly maxPingTimeMs?: number;
  /** The engine's own user configuration; by default a Lovense device may come by WebSocket as `LVSDevice`. */
  readonly userConfig?: unknown;
}

export interface IntifaceServer extends RunningServer {
  /** Where simulated devices connect: the engine's device server. */
  readonly deviceUrl: string;
}

// Fixed inside the namespace, where nothing else can want them.
const CLIENT_PORT = 12_345;
const DEVICE_PORT = 54_817;

const LOVENSE = {
  version: { major: 5, minor: 0 },
  user_configs: { protocols: { lovense: { communication: [{ websocket: { name: 'LVSDevice' } }] } } },
};

/**
 * The device engine. Its device server listens on every address, so the engine lives in a network namespace that has
 * loopback alone; a relay carries two ports of our loopback into it. `url` is for clients, `deviceUrl` for devices.
 * `kill` and `pause` hit the engine itself, not the relay.
 */
export async function startIntiface(options: IntifaceOptions = {}): Promise<IntifaceServer> {
  const engine = await findEngine('intiface');
  for (const tool of ['unshare', 'nsenter', 'ip']) {
    if (!onPath(tool))
      throw new Error(
        `${tool} is missing, which puts the device engine into a network of its own (Debian: util-linux, iproute2)`,
      );
  }
  return onPort('Intiface Engine', options, async (port) => {
    const devicePort =
      options.devicePort === undefined
        ? await freePort()
        : await claimPort(options.devicePort, 'simulated devices');
    const folder = await serverFolder('intiface', options.directory);
    const logFile = path.join(folder.path, 'intiface.log');
    const configFile = path.join(folder.path, 'user-device-config.json');
    // The engine rewrites it, and what it wrote is what it wants to see after a restart.
    if (!existsSync(configFile)) await writeFile(configFile, JSON.stringify(options.userConfig ?? LOVENSE));
    const relay = await startRelay(port, devicePort, path.join(folder.path, 'relay.log'), options.onDeath);
    const args = [
      ...['--websocket-port', `${CLIENT_PORT}`],
      ...['--use-device-websocket-server', '--device-websocket-server-port', `${DEVICE_PORT}`],
      ...['--user-device-config-file', configFile],
      ...['--max-ping-time', `${options.maxPingTimeMs ?? 0}`],
      ...['--log', 'info', '--server-name', 'nightjar'],
    ];
    const url = `ws://127.0.0.1:${port}`;
    const deviceUrl = `ws://127.0.0.1:${devicePort}`;
    const server = await runServer({
      name: 'Intiface Engine',
      url,
      port,
      logFile,
      launch: () =>
        startChild({
          name: 'Intiface Engine',
          within: enter(relay.pid),
          command: engine.program,
          args,
          logFile,
          onDeath: options.onDeath,
        }),
      async ask() {
        // It serves one client at a time, so this one leaves before the next is told.
        await handshake(url);
        await handshake(deviceUrl);
      },
      readyWithinMs: 20_000,
      stopSignal: 'SIGINT',
      async cleanUp() {
        await relay.end('SIGTERM');
        await folder.cleanUp();
      },
    });
    return Object.assign(server, { deviceUrl });
  });
}

async function startRelay(
  port: number,
  devicePort: number,
  logFile: string,
  onDeath: ((death: Death) => void) | undefined,
): Promise<Child> {
  const sockets: Server[] = [];
  for (const each of [port, devicePort]) sockets.push(await listening(each));
  const inUserNamespace = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const relay = await startChild({
    name: 'relay',
    // The kernel may forget the death signal when credentials change, so it is set once more inside.
    within: [
      ...['unshare', ...inUserNamespace, '--net', '--', 'sh', '-c'],
      'ip link set lo up && exec setpriv --pdeathsig KILL -- "$@"',
      'sh',
    ],
    command: process.execPath,
    args: [
      path.join(import.meta.dirname, `netns-relay${path.extname(import.meta.filename)}`),
      `${CLIENT_PORT}`,
      `${DEVICE_PORT}`,
    ],
    logFile,
    sockets,
    onDeath,
  });
  // From here on they are the relay's; ours would only take connections that nobody answers.
  for (const socket of sockets) socket.close();
  await untilInNamespace(relay);
  return relay;
}

function enter(pid: number): string[] {
  const userNamespace = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  return [
    'nsenter',
    '--target',
    `${pid}`,
    ...userNamespace,
    '--net',
    '--',
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
  ];
}

async function listening(port: number): Promise<Server> {
  const server = createServer();
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  return server;
}

async function untilInNamespace(relay: Child): Promise<void> {
  const program = realpathSync(process.execPath);
  const deadline = performance.now() + 10_000;
  while (relay.alive && performance.now() < deadline) {
    try {
      if (readlinkSync(`/proc/${relay.pid}/exe`) === program) return;
    } catch {
      // Between two programs.
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await relay.signal('SIGKILL');
  throw new Error(
    'no network namespace for the device engine: run as root, or allow unprivileged user namespaces ' +
      `(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0)\n${relay.logTail()}`,
  );
}

function handshake(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { handshakeTimeout: 1_000 });
    socket.once('error', reject);
    socket.once('open', () => socket.close());
    socket.once('close', () => resolve());
  });
}
