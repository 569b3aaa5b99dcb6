import type { NatsConnection } from '@nats-io/transport-node';
import type { Log } from '@nightjar/kit/log';
import { provisionRoomEvents } from '@nightjar/kit/nats-provision';

const RETRY_MS = 500;

/**
 * Makes the stream of room events, where there is none, now and after each reconnect: a NATS that lost its disk is filled
 * from the outbox again.
 */
export function keepProvisioned(nats: NatsConnection, copies: number, log: Log): AsyncDisposable {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function provision(): Promise<void> {
    clearTimeout(timer);
    try {
      await provisionRoomEvents(nats, copies);
    } catch (error) {
      if (stopped || nats.isClosed()) return;
      log.warn('nats_provision_failed', { error });
      timer = setTimeout(() => void provision(), RETRY_MS).unref();
    }
  }

  let under = provision();
  void (async () => {
    for await (const status of nats.status()) {
      if (stopped) return;
      if (status.type === 'reconnect') under = provision();
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await under;
    },
  };
}
