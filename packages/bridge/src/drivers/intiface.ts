import { DriverRefusal } from '../device-problems.ts';
import type { DeviceDriver, DeviceEvents, DeviceLink } from '../driver.ts';
import { type DeviceOutput, isOutputKind } from '../machine/kinds.ts';
import { Lease } from '../machine/lease.ts';
import {
  DEVICE_SEARCH_MS,
  ENGINE_PING_MS_MAX,
  ENGINE_PING_MS_MIN,
  PERMIT_RENEW_MS,
} from '../machine/limits.ts';
import type { Drive } from '../machine/types.ts';
import { systemTimers, type Timers } from '../timers.ts';
import { type ConnectSocket, connectWebSocket, EngineClient } from './intiface-client.ts';
import {
  type ClientCommand,
  type EngineDevice,
  type EngineMessage,
  ERROR_PING,
  PROTOCOL_VERSION_MAJOR,
  type ServerInfo,
} from './intiface-protocol.ts';
import { Search } from './intiface-search.ts';

export interface IntifaceOptions {
  /** The engine's WebSocket, for example ws://127.0.0.1:12345. */
  readonly url: string;
  readonly connect?: ConnectSocket;
  readonly timers?: Timers;
}

/** An output of the engine's: where a command to it goes. */
interface Target extends DeviceOutput {
  readonly deviceIndex: number;
  readonly featureIndex: number;
  readonly type: string;
}

/** A driver to whatever devices an Intiface engine has, by the buttplug protocol, version 4. */
export function intifaceDriver(options: IntifaceOptions): DeviceDriver {
  return {
    name: 'intiface',
    openMsMax: DEVICE_SEARCH_MS + 2_000,
    open: (events, signal) => IntifaceLink.open(options, events, signal),
  };
}

class IntifaceLink implements DeviceLink {
  readonly name: string;
  readonly outputs: readonly DeviceOutput[];
  readonly keepAliveMs: number;
  readonly #client: EngineClient;
  readonly #targets: ReadonlyMap<string, Target>;
  /** The value last sent to each target since the last stop. */
  readonly #sent = new Map<string, number>();

  private constructor(client: EngineClient, devices: readonly EngineDevice[], info: ServerInfo) {
    const targets = devices.flatMap(targetsOf);
    this.#client = client;
    this.#targets = new Map(targets.map((target) => [target.id, target]));
    this.name = devices.map(({ DeviceName }) => DeviceName).join(', ');
    this.outputs = targets.map(({ id, kind, steps }) => ({ id, kind, steps }));
    this.keepAliveMs = Math.max(1, Math.min(PERMIT_RENEW_MS, Math.floor(info.MaxPingTime / 2)));
  }

  static async open(
    options: IntifaceOptions,
    events: DeviceEvents,
    signal: AbortSignal,
  ): Promise<IntifaceLink> {
    let devices: readonly EngineDevice[] = [];
    // Until the link is handed over a failure is the opening's own, which rejects with what a person can do about it.
    let down = (_detail: string) => {};
    const search = new Search(options.timers ?? systemTimers);
    const client = await EngineClient.connect(options.url, options.connect ?? connectWebSocket, signal, {
      message: (message) => {
        if (message.is === 'DeviceList') {
          const gone = devices.some((had) =>
            message.devices.every((has) => has.DeviceIndex !== had.DeviceIndex),
          );
          if (gone) lose('a device is gone');
          devices = message.devices;
          if (devices.length > 0) search.found();
        } else if (message.is === 'Error') {
          // The engine has stopped its devices; its socket stays open and in the way of a new one.
          lose(
            message.code === ERROR_PING
              ? 'the engine got no ping in time'
              : `the engine says: ${message.text}`,
          );
        }
      },
      closed: () => {
        search.failed('engine_closed', 'the connection to the engine is closed');
        down('the connection to the engine is closed');
      },
    });
    const lose = (detail: string) => {
      down(detail);
      client.close();
    };
    try {
      const info = await handshake(client);
      devices = await listDevices(client);
      if (devices.length === 0) await search.run(client, info);
      const link = new IntifaceLink(client, devices, info);
      down = (detail) => events.down(detail);
      return link;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  drive(drive: Drive): Promise<void> {
    if (!Lease.isLease(drive.lease)) throw new TypeError('a drive without a lease');
    const commands = drive.outputs.flatMap(({ id }): ClientCommand[] => {
      const target = this.#targets.get(id);
      if (target === undefined) throw new RangeError(`no output ${id}`);
      // Downwards: a rounded step must not exceed what the envelope allows.
      const value = Math.floor(drive.level * target.steps + 1e-9);
      if (this.#sent.get(id) === value) return [];
      this.#sent.set(id, value);
      return [outputCommand(target, value)];
    });
    if (commands.length === 0) return this.#write({ Ping: {} });
    const answers = this.#client.send(...commands, { Ping: {} });
    // The engine's second answer may lag by tens of milliseconds (Nagle's algorithm), and a stop would wait for it.
    answers.at(-1)?.catch(() => this.#client.close());
    return Promise.all(answers.slice(0, -1)).then(() => {});
  }

  keepAlive(lease: Lease): Promise<void> {
    if (!Lease.isLease(lease)) throw new TypeError('a keep-alive without a lease');
    return this.#write({ Ping: {} });
  }

  /**
   * Two ways, one after the other. StopCmd is the one that does not wait in the engine's queue; but the engine drops
   * one that it believes done. A level of 0 is compared otherwise, and with most devices is written once more.
   */
  async stop(): Promise<void> {
    const moved = [...this.#sent.keys()];
    await this.#write({ StopCmd: { Inputs: false, Outputs: true } });
    const zeros = moved
      .flatMap((id) => this.#targets.get(id) ?? [])
      .map((target) => outputCommand(target, 0));
    if (zeros.length > 0) await this.#write(...zeros);
    for (const id of moved) this.#sent.delete(id);
  }

  drop(): void {
    this.#client.close();
  }

  /** The engine's Ok says that it took a command, not that a device did. */
  async #write(...commands: readonly ClientCommand[]): Promise<void> {
    await this.#client.request(...commands);
  }
}

/** Rule of the engine: without a short ping time it lets a device run on when the bridge hangs. */
async function handshake(client: EngineClient): Promise<ServerInfo> {
  const [answer] = await client.request({
    RequestServerInfo: {
      ClientName: 'nightjar-bridge',
      ProtocolVersionMajor: PROTOCOL_VERSION_MAJOR,
      ProtocolVersionMinor: 0,
    },
  });
  if (answer?.is !== 'ServerInfo') throw new DriverRefusal('not_an_engine', 'this is not an Intiface engine');
  const { MaxPingTime, ProtocolVersionMajor } = answer.info;
  if (ProtocolVersionMajor !== PROTOCOL_VERSION_MAJOR) {
    throw new DriverRefusal(
      'engine_version',
      `the engine speaks version ${ProtocolVersionMajor} of the protocol, 4 is needed`,
    );
  }
  if (!(MaxPingTime >= ENGINE_PING_MS_MIN && MaxPingTime <= ENGINE_PING_MS_MAX)) {
    const now = MaxPingTime === 0 ? 'off' : `${MaxPingTime} ms`;
    throw new DriverRefusal(
      'ping_time',
      `the engine's max ping time is ${now}: set it to ${ENGINE_PING_MS_MIN} to ${ENGINE_PING_MS_MAX} ms, ` +
        'so that it stops the device when this program hangs',
    );
  }
  return answer.info;
}

async function listDevices(client: EngineClient): Promise<readonly EngineDevice[]> {
  const [answer] = await client.request({ RequestDeviceList: {} });
  return devicesOf(answer);
}

function devicesOf(answer: EngineMessage | undefined): readonly EngineDevice[] {
  return answer?.is === 'DeviceList' ? answer.devices : [];
}

function targetsOf(device: EngineDevice): Target[] {
  return Object.values(device.DeviceFeatures).flatMap((feature) =>
    Object.entries(feature.Output ?? {}).flatMap(([type, { Value }]): Target[] => {
      const kind = type.toLowerCase();
      const steps = Value[1] ?? 0;
      if (!isOutputKind(kind) || steps < 1) return [];
      const { DeviceIndex: deviceIndex } = device;
      const { FeatureIndex: featureIndex } = feature;
      return [{ id: `${deviceIndex}/${featureIndex}/${kind}`, kind, steps, deviceIndex, featureIndex, type }];
    }),
  );
}

function outputCommand({ deviceIndex, featureIndex, type }: Target, value: number): ClientCommand {
  return {
    OutputCmd: {
      DeviceIndex: deviceIndex,
      FeatureIndex: featureIndex,
      Command: { [type]: { Value: value } },
    },
  };
}
