import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startChild } from './child.ts';
import { findEngine } from './engines.ts';
import { claimPort, freePort } from './ports.ts';
import { onPort, type RunningServer, runServer, type ServerOptions, serverFolder } from './running-server.ts';

export interface LiveKitOptions extends ServerOptions {
  /** For all media. */
  readonly udpPort?: number;
  readonly udpPortSetting?: string;
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /** Where it reports what happened; signed with the key. */
  readonly webhookUrls?: readonly string[];
  /** Rooms come into being when somebody joins (the default), or only by its API. */
  readonly autoCreateRooms?: boolean;
  /** More of its configuration, merged over ours at the top level. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface LiveKitServer extends RunningServer {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** LiveKit on loopback alone: signalling on one TCP port, media on one UDP port. */
export async function startLiveKit(options: LiveKitOptions = {}): Promise<LiveKitServer> {
  const engine = await findEngine('livekit');
  const apiKey = options.apiKey ?? 'nightjar';
  const apiSecret = options.apiSecret ?? randomBytes(32).toString('base64url');
  return onPort('LiveKit', options, async (port) => {
    const udpPort =
      options.udpPort === undefined
        ? await freePort('udp')
        : await claimPort(options.udpPort, "LiveKit's media", options.udpPortSetting, 'udp');
    const folder = await serverFolder('livekit', options.directory);
    const logFile = path.join(folder.path, 'livekit.log');
    const configFile = path.join(folder.path, 'livekit.json');
    const config = { ...liveKitConfig({ port, udpPort, apiKey, apiSecret, ...options }), ...options.config };
    await writeFile(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
    const server = await runServer({
      name: 'LiveKit',
      url: `http://127.0.0.1:${port}`,
      port,
      logFile,
      launch: () =>
        startChild({
          name: 'LiveKit',
          command: engine.program,
          // JSON is YAML.
          args: ['--config', configFile],
          logFile,
          onDeath: options.onDeath,
        }),
      async ask() {
        const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) });
        if (!response.ok) throw new Error(`status ${response.status}`);
      },
      readyWithinMs: 20_000,
      // It loses a signal that comes in its first 100 ms, and after one waits for its last participant; two end it.
      stopSignal: 'SIGTERM',
      stopAgainMs: 150,
      cleanUp: folder.cleanUp,
    });
    return Object.assign(server, { apiKey, apiSecret });
  });
}

function liveKitConfig(
  from: LiveKitOptions & { port: number; udpPort: number; apiKey: string; apiSecret: string },
) {
  return {
    port: from.port,
    bind_addresses: ['127.0.0.1'],
    logging: { level: 'warn' },
    rtc: {
      // Any other value listens on all addresses, whatever bind_addresses says.
      tcp_port: 0,
      udp_port: from.udpPort,
      // Would ask a STUN server.
      use_external_ip: false,
      // Nobody answers there; with none set, browsers are handed public ones.
      stun_servers: ['127.0.0.1:9'],
      node_ip: '127.0.0.1',
      enable_loopback_candidate: true,
      interfaces: { includes: ['lo'] },
      ips: { includes: ['127.0.0.1/32'] },
    },
    keys: { [from.apiKey]: from.apiSecret },
    room: { auto_create: from.autoCreateRooms ?? true },
    ...(from.webhookUrls?.length ? { webhook: { api_key: from.apiKey, urls: from.webhookUrls } } : {}),
  };
}
