import { simulatedDriver } from '@nightjar/bridge/drivers/simulated';
import { memoryStore } from '@nightjar/bridge/journal';
import { type Bridge, startBridge } from '@nightjar/bridge/run';
import { BridgeConnection } from '@nightjar/client/bridge-connection';
import { readEndpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import type { Broadcaster, Ground } from './people.ts';
import { until } from './until.ts';

/** A bridge in this process, with a device that remembers when it moved. */
export interface TestBridge extends AsyncDisposable {
  readonly bridge: Bridge;
  readonly link: BridgeConnection;
  /** What the device did: each change of its level, and when (performance.now). */
  readonly levels: readonly { readonly atMono: number; readonly level: number }[];
  readonly moves: boolean;
  /** How often each tip's effect began. */
  readonly begun: ReadonlyMap<string, number>;
  untilArmed(): Promise<void>;
  /** Resolves with the ms from `sinceMono` to the first moment at rest after it. */
  restAfter(sinceMono: number): Promise<number>;
}

export async function startTestBridge(
  ground: Ground,
  broadcaster: Broadcaster,
  roomId: string,
): Promise<TestBridge> {
  const endpoints = readEndpoints(ground.endpoints);
  const http = createHttpClient();
  const { identity, keys } = broadcaster;
  const key = await keys.key('bridge');
  const link = new BridgeConnection({ endpoints, http, identity, roomId, bridgeKey: key.publicKey });
  const levels: { atMono: number; level: number }[] = [];
  const begun = new Map<string, number>();
  let driving: string | undefined;
  const driver = simulatedDriver({
    onLevel: (_id, level) => {
      if (levels.at(-1)?.level !== level) levels.push({ atMono: performance.now(), level });
    },
  });
  const bridge = startBridge({
    roomId,
    key,
    driver,
    link,
    journal: memoryStore(),
    onWrite: (write, tipId) => {
      if (write.is === 'stop') driving = undefined;
      if (tipId === undefined || driving === tipId) return;
      driving = tipId;
      begun.set(tipId, (begun.get(tipId) ?? 0) + 1);
    },
  });
  const untilArmed = () =>
    until(
      'the bridge is armed and permitted',
      () => bridge.view().arm.phase === 'armed' && bridge.view().permit,
    );
  bridge.arm();
  await untilArmed();
  return {
    bridge,
    link,
    levels,
    begun,
    get moves() {
      return (levels.at(-1)?.level ?? 0) > 0;
    },
    untilArmed,
    async restAfter(sinceMono) {
      await until('the device rests', () => (levels.at(-1)?.level ?? 0) === 0);
      return Math.max(0, (levels.at(-1)?.atMono ?? 0) - sinceMono);
    },
    [Symbol.asyncDispose]: () => bridge.close(),
  };
}
