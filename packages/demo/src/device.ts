import { join } from 'node:path';
import { intifaceDriver } from '@nightjar/bridge/drivers/intiface';
import { simulatedDriver } from '@nightjar/bridge/drivers/simulated';
import { openFileJournal } from '@nightjar/bridge/node/file-journal';
import { type Bridge, startBridge } from '@nightjar/bridge/run';
import type { BridgeView } from '@nightjar/bridge/view';
import { BridgeConnection, type BridgeParts } from '@nightjar/client/bridge-connection';
import type { KeyStore } from '@nightjar/client/key-store';
import { ARM_AGAIN_MS } from './limits.ts';
import type { Gauge } from './publish-picture.ts';

export interface DeviceParts extends Omit<BridgeParts, 'bridgeKey'> {
  readonly keys: KeyStore;
  /** Where the bridge's journal is. */
  readonly folder: string;
  /** An Intiface engine; without one the device is simulated. */
  readonly intiface?: string;
  readonly onChange: () => void;
  readonly onStatus: (status: string) => void;
}

export interface Device extends AsyncDisposable {
  readonly gauge: Gauge;
  readonly link: BridgeConnection;
}

/** The demo's device with its bridge. Whoever runs a demo has said with that that it may move. */
export async function startDevice(parts: DeviceParts): Promise<Device> {
  const key = await parts.keys.key('bridge');
  const link = new BridgeConnection({ ...parts, bridgeKey: key.publicKey });
  const now = { level: 0, status: 'AT REST' };
  const show = (level: number): void => {
    const thousandths = Math.round(level * 1000);
    if (thousandths === now.level) return;
    now.level = thousandths;
    parts.onChange();
  };
  const driver =
    parts.intiface === undefined
      ? simulatedDriver({ onLevel: (_output, level) => show(level) })
      : intifaceDriver({ url: parts.intiface });
  const journal = openFileJournal(join(parts.folder, `bridge-${parts.roomId}.jsonl`));
  let bridge: Bridge | undefined;
  let arming: NodeJS.Timeout | undefined;
  bridge = startBridge({
    roomId: parts.roomId,
    driver,
    link,
    journal,
    key,
    onView: (view) => {
      const status = statusOf(view);
      if (status !== now.status) parts.onStatus(status);
      now.status = status;
      // A simulated device hurts nobody; a real one waits for its person.
      if (view.arm.phase === 'latched' && parts.intiface === undefined && bridge && !arming) {
        arming = setTimeout(() => {
          arming = undefined;
          bridge?.arm();
        }, ARM_AGAIN_MS);
      }
    },
    // Of an engine's device only what was written is known.
    onWrite: (write) => {
      if (parts.intiface === undefined) return;
      if (write.is === 'drive') show(write.drive.level);
      if (write.is === 'stop') show(0);
    },
  });
  bridge.arm();
  return {
    gauge: now,
    link,
    async [Symbol.asyncDispose]() {
      clearTimeout(arming);
      await bridge?.close();
      journal[Symbol.dispose]();
    },
  };
}

function statusOf({ arm, running, queued, server }: BridgeView): string {
  if (arm.phase === 'latched') return `STOPPED: ${arm.why}`;
  if (server === 'down') return 'NO SERVER';
  const more = queued > 0 ? ` +${queued}` : '';
  if (running?.state === 'paused') return `PAUSED${more}`;
  return running ? `RUNNING${more}` : 'AT REST';
}
