import type { DeviceDriver, DeviceLink } from '@nightjar/bridge/driver';
import { simulatedDriver } from '@nightjar/bridge/drivers/simulated';
import { memoryStore } from '@nightjar/bridge/journal';
import { type Bridge, startBridge } from '@nightjar/bridge/run';
import { BridgeConnection } from '@nightjar/client/bridge-connection';
import type { Endpoints } from '@nightjar/client/endpoints';
import type { HttpClient } from '@nightjar/client/http';
import type { Identity } from '@nightjar/client/identity';
import type { KeyStore } from '@nightjar/client/key-store';
import { PLATFORM } from '@nightjar/client/platform';
import type { DeviceWrite, PermitSeen } from '../judges/device.ts';

export interface WatchedBridge extends AsyncDisposable {
  readonly bridge: Bridge;
  /** As the frames of its sockets have it. */
  readonly permits: readonly PermitSeen[];
  /** As they reach the driver. */
  readonly writes: readonly DeviceWrite[];
  /** Why it was latched each time; a person's hand armed it again. */
  readonly latches: readonly string[];
  /** How often its line broke, by why. */
  readonly breaks: readonly { readonly atMono: number; readonly code: string }[];
  /** The line ended for good. */
  readonly ended: boolean;
}

export interface BridgeParts {
  readonly endpoints: Endpoints;
  readonly http: HttpClient;
  readonly identity: Identity;
  readonly keys: KeyStore;
  readonly roomId: string;
}

/** A bridge as broadcasters run it, with its socket and its driver watched from outside. */
export async function startWatchedBridge(parts: BridgeParts): Promise<WatchedBridge> {
  const { keys, ...rest } = parts;
  const key = await keys.key('bridge');
  const permits: PermitSeen[] = [];
  const writes: DeviceWrite[] = [];
  const latches: string[] = [];
  const breaks: { atMono: number; code: string }[] = [];
  let ended = false;
  const platform = { ...PLATFORM, WebSocket: watchedSocket(permits) };
  const link = new BridgeConnection({ ...rest, bridgeKey: key.publicKey, platform });
  link.on('phase', ({ phase, reason }) => {
    if (phase === 'reconnecting') breaks.push({ atMono: performance.now(), code: reason?.code ?? 'unknown' });
    if (phase === 'closed') ended = true;
  });
  let writing: string | undefined;
  let arming = true;
  const bridge = startBridge({
    roomId: parts.roomId,
    key,
    link,
    journal: memoryStore(),
    driver: watchedDriver(writes, () => writing),
    onWrite: (_, tipId) => {
      writing = tipId;
    },
    onView: ({ arm }) => {
      if (arm.phase !== 'latched' || arming) return;
      latches.push(arm.why);
      arming = true;
      // A person looks, and arms it again.
      setTimeout(() => {
        bridge.arm();
        arming = false;
      });
    },
  });
  bridge.arm();
  arming = false;
  return {
    bridge,
    permits,
    writes,
    latches,
    breaks,
    get ended() {
      return ended;
    },
    async [Symbol.asyncDispose]() {
      arming = true;
      await bridge.close();
    },
  };
}

/** Sockets whose permits, and refusals of them, are written down as they go by, before anybody acts on them. */
export function watchedSocket(permits: PermitSeen[]): typeof WebSocket {
  return class extends WebSocket {
    readonly #askedMono = new Map<number, number>();

    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        const heardMono = performance.now();
        const answer = permitIn(data);
        const askedMono = answer && this.#askedMono.get(answer.n);
        if (answer?.forMs === undefined || askedMono === undefined) return;
        this.#askedMono.delete(answer.n);
        permits.push({ askedMono, heardMono, forMs: answer.forMs });
      });
    }

    override send(data: string | BufferSource | Blob): void {
      const n = permitIn(data)?.n;
      if (n !== undefined) this.#askedMono.set(n, performance.now());
      super.send(data);
    }
  };
}

/** An ask for a permit has no `forMs`; in an answer it is 0 where the permit was refused. */
function permitIn(data: unknown): { n: number; forMs?: number } | undefined {
  if (typeof data !== 'string') return undefined;
  if (!data.includes('"permit"') && !data.includes('"refused"')) return undefined;
  const message = JSON.parse(data) as { t: string; n: number; forMs?: number };
  if (message.t === 'refused') return { n: message.n, forMs: 0 };
  return message.t === 'permit' ? message : undefined;
}

/** A simulated device, and what is written to it. */
function watchedDriver(writes: DeviceWrite[], tip: () => string | undefined): DeviceDriver {
  let level = 0;
  const driver = simulatedDriver({
    onLevel: (_, taken) => {
      level = taken;
    },
  });
  const rested = () => writes.push({ is: 'rest', atMono: performance.now() });
  const watched = (link: DeviceLink): DeviceLink => ({
    ...link,
    drive(drive) {
      const atMono = performance.now();
      const answer = link.drive(drive);
      const tipId = tip();
      const { untilMono: leaseUntilMono } = drive.lease;
      writes.push({
        is: 'drive',
        atMono,
        level,
        leaseUntilMono,
        ...(tipId === undefined ? {} : { tipId }),
      });
      return answer;
    },
    stop() {
      rested();
      return link.stop();
    },
    drop() {
      rested();
      link.drop();
    },
  });
  return {
    name: driver.name,
    open: async (events, signal) => watched(await driver.open(events, signal)),
  };
}
