import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from './log.ts';

/** A peer that does not answer two pings is gone, whatever TCP says. */
const PING_EVERY_MS = 1_000;
const PINGS_OUT_MAX = 2;
const RECONNECT_MS = 200;

/** Connects, for the life of the process: goes on trying at start and after every loss. */
export async function connectNats(url: string, name: string, log: Log): Promise<NatsConnection> {
  const nc = await connect({
    servers: url,
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    waitOnFirstConnect: true,
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
