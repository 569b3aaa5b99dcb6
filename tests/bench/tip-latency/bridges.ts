/**
 * A process of idle simulated bridges, one a room, as `nightjar-bridge` is: the same machine, link and journal. Says
 * {tipId, ns} at the first write to the device for each tip, by the clock that all processes of a machine share.
 */
import path from 'node:path';
import { simulatedDriver } from '@nightjar/bridge/drivers/simulated';
import { openFileJournal } from '@nightjar/bridge/node/file-journal';
import { type Bridge, startBridge } from '@nightjar/bridge/run';
import { BridgeConnection } from '@nightjar/client/bridge-connection';
import type { Endpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { keyFiles } from '@nightjar/client/node/key-files';

const settings = JSON.parse(process.argv[2] ?? '{}') as {
  endpoints: Endpoints;
  /** Of each broadcaster: where the keys lie, and the rooms. */
  owners: { folder: string; rooms: string[] }[];
};

const http = createHttpClient();
const bridges: Bridge[] = [];

for (const { folder, rooms } of settings.owners) {
  const keys = keyFiles(folder);
  const { endpoints } = settings;
  const identity = new Identity({ endpoints, http, keys, broadcaster: true });
  const key = await keys.key('bridge');
  for (const roomId of rooms) {
    const seen = new Set<string>();
    const bridge = startBridge({
      roomId,
      key,
      driver: simulatedDriver(),
      link: new BridgeConnection({ endpoints, http, identity, roomId, bridgeKey: key.publicKey }),
      journal: openFileJournal(path.join(folder, `${roomId}.jsonl`)),
      onWrite: (write, tipId) => {
        const ns = process.hrtime.bigint();
        if (tipId === undefined || write.is !== 'drive' || seen.has(tipId)) return;
        seen.add(tipId);
        process.send?.({ tipId, ns: String(ns) });
      },
    });
    bridge.arm();
    bridges.push(bridge);
  }
}

const look = setInterval(() => {
  if (!bridges.every((bridge) => bridge.view().arm.phase === 'armed' && bridge.view().permit)) return;
  clearInterval(look);
  process.send?.({ ready: true });
}, 100);
