import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from './log.ts';

/** A peer that does not answer two pings is gone, whatever TCP says. */
const PING_EVERY_MS = 1_000;
const PINGS_OUT_MAX = 2;
const RECONNECT_MS = 200;

export interface NatsOptions {
  /** Rejects when the first connection has not come in so many milliseconds; otherwise it is waited for, however long. */
  readonly firstWithinMs?: number;
}

/**
 * Connects, for the life of the process: goes on trying at start and after every loss. A name and a password, or a token
 * in the name's place, may stand in the URL.
 */
export async function connectNats(
  url: string,
  name: string,
  log: Log,
  { firstWithinMs }: NatsOptions = {},
): Promise<NatsConnection> {
  const nc = await connect({
    ...signIn(url),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    ...(firstWithinMs === undefined ? { waitOnFirstConnect: true } : { timeout: firstWithinMs }),
    pingInterval: PING_EVERY_MS,
    maxPingOut: PINGS_OUT_MAX,
    // A stack for each request costs more than the request.
    noAsyncTraces: true,
  });
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect' || status.type === 'reconnect') log.warn(`nats_${status.type}`);
    }
  })();
  return nc;
}

// The library passes over what stands before a host.
function signIn(url: string): { servers: string; user?: string; pass?: string; token?: string } {
  const server = new URL(url);
  const [user, pass] = [decodeURIComponent(server.username), decodeURIComponent(server.password)];
  if (user === '') return { servers: url };
  server.username = '';
  server.password = '';
  return { servers: server.href, ...(pass === '' ? { token: user } : { user, pass }) };
}
