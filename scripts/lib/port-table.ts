import { freePort, type Transport } from '@nightjar/testkit/servers/ports';

/** Ports of `scripts/start`; NIGHTJAR_PORT_<NAME> moves one. */
const FIXED = {
  edge: 7800,
  auth: 7801,
  rooms: 7802,
  payments: 7803,
  events: 7804,
  geofence: 7805,
  web: 7806,
  edge_internal: 7810,
  auth_internal: 7811,
  rooms_internal: 7812,
  payments_internal: 7813,
  events_internal: 7814,
  geofence_internal: 7815,
  web_internal: 7816,
  edge_2: 7820,
  edge_2_internal: 7830,
  events_2: 7824,
  events_2_internal: 7834,
  postgres: 7842,
  redis: 7843,
  nats: 7844,
  livekit: 7845,
  livekit_media: 7846,
  demo: 7850,
} as const;

export type PortName = keyof typeof FIXED;

export const PORT_SETTINGS: readonly string[] = Object.keys(FIXED).map((name) => settingOf(name as PortName));

export interface Port {
  readonly port: number;
  readonly setting: string;
}

export function settingOf(name: PortName): string {
  return `NIGHTJAR_PORT_${name.toUpperCase()}`;
}

/** `fixed` for `scripts/start`, where people know the addresses; `free` where several platforms run side by side. */
export async function portOf(
  name: PortName,
  kind: 'fixed' | 'free',
  env: NodeJS.ProcessEnv,
  transport: Transport = 'tcp',
): Promise<Port> {
  const setting = settingOf(name);
  if (kind === 'free') return { port: await freePort(transport), setting };
  const port = Number(env[setting] ?? FIXED[name]);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${setting} must be a port, 1 to 65535`);
  return { port, setting };
}
