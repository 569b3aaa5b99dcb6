/** The engine's end of a socket, by hand. */
import type { SocketLike } from '../../src/drivers/intiface-client.ts';

type Listener = (event: { data?: unknown }) => void;
type Frame = Record<string, Record<string, unknown> & { Id: number }>;

const HUSH = {
  DeviceIndex: 3,
  DeviceName: 'Lovense Hush',
  DeviceFeatures: {
    0: { FeatureIndex: 0, Output: { Vibrate: { Value: [0, 20] } } },
    1: { FeatureIndex: 1, Output: { Rotate: { Value: [-10, 10] }, Position: { Value: [0, 100] } } },
    2: { FeatureIndex: 2, Output: { Spray: { Value: [0, 1] } }, Input: { Battery: {} } },
    3: { FeatureIndex: 3 },
  },
};

export class FakeEngine {
  maxPingTime = 500;
  version = 4;
  devices: Record<number, unknown> = { 3: HUSH };
  /** Names of messages that are not answered, or answered by an error. */
  silent: readonly string[] = [];
  failing: readonly string[] = [];
  readonly heard: { readonly name: string; readonly fields: Record<string, unknown> }[] = [];
  closed = 0;
  readonly #listeners = new Map<string, Listener[]>();

  readonly connect = (): SocketLike => {
    queueMicrotask(() => this.#tell('open', {}));
    return {
      addEventListener: (type, listener) =>
        void this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]),
      send: (text) => this.#hear(text),
      close: () => {
        this.closed += 1;
      },
    };
  };

  /** What was heard since the last call, by name. */
  names(): string[] {
    return this.heard.splice(0).map(({ name }) => name);
  }

  say(message: unknown): void {
    this.#tell('message', { data: JSON.stringify([message]) });
  }

  cut(): void {
    this.#tell('close', {});
  }

  #hear(text: string): void {
    for (const message of JSON.parse(text) as Frame[]) {
      for (const [name, fields] of Object.entries(message)) {
        this.heard.push({ name, fields });
        if (!this.silent.includes(name)) queueMicrotask(() => this.say(this.#answer(name, fields.Id)));
      }
    }
  }

  #answer(name: string, Id: number): unknown {
    if (this.failing.includes(name)) return { Error: { Id, ErrorMessage: 'no such device', ErrorCode: 4 } };
    if (name === 'RequestServerInfo') {
      const info = { ServerName: 'x', MaxPingTime: this.maxPingTime };
      return { ServerInfo: { Id, ...info, ProtocolVersionMajor: this.version, ProtocolVersionMinor: 0 } };
    }
    if (name === 'RequestDeviceList') return { DeviceList: { Id, Devices: this.devices } };
    return { Ok: { Id } };
  }

  #tell(type: string, event: { data?: unknown }): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  /** A device is switched on. */
  appear(): void {
    this.devices = { 3: HUSH };
    this.say({ DeviceList: { Id: 0, Devices: this.devices } });
  }

  vanish(): void {
    this.devices = {};
    this.say({ DeviceList: { Id: 0, Devices: {} } });
  }
}
