import { DeviceProblem, type DeviceProblemCode } from '../device-problems.ts';
import { DEVICE_SEARCH_MS } from '../machine/limits.ts';
import type { Timers } from '../timers.ts';
import type { EngineClient } from './intiface-client.ts';
import type { ServerInfo } from './intiface-protocol.ts';

/**
 * Looks for devices on a link that nothing was written to yet. It is the one time that pings go without a lease:
 * nobody holds the link, so nothing can move by it.
 */
export class Search {
  readonly #timers: Timers;
  #resolve = () => {};
  #reject = (_: Error) => {};
  #cancels: (() => void)[] = [];

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Resolves once `found` was called and the engine scans no more. Rejects after DEVICE_SEARCH_MS. */
  async run(client: EngineClient, { MaxPingTime }: ServerInfo): Promise<void> {
    const found = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const fail = (error: unknown) => this.failed('engine_closed', String(error));
    const ping = () => {
      client.request({ Ping: {} }).catch(fail);
      this.#cancels = this.#cancels.slice(0, 1);
      this.#cancels.push(this.#timers.after(Math.max(1, MaxPingTime / 2), ping));
    };
    this.#cancels = [
      this.#timers.after(DEVICE_SEARCH_MS, () =>
        this.failed('no_device', 'no device was found: switch it on and arm again'),
      ),
    ];
    try {
      client.request({ StartScanning: {} }).catch(fail);
      ping();
      await found;
    } finally {
      for (const cancel of this.#cancels) cancel();
    }
    await client.request({ StopScanning: {} });
  }

  found(): void {
    this.#resolve();
  }

  failed(code: DeviceProblemCode, why: string): void {
    this.#reject(new DeviceProblem(code, why));
  }
}
