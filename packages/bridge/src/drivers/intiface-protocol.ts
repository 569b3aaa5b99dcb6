/**
 * The part of the buttplug protocol, version 4, that the bridge speaks (https://docs.buttplug.io/docs/spec). Frames
 * are JSON arrays of objects with one key, the message's name.
 */
export const PROTOCOL_VERSION_MAJOR = 4;

/** Messages of the engine's own accord carry this id. */
export const SYSTEM_ID = 0;

/** ErrorCode of an engine that got no ping in time: it has stopped its devices and hears nothing any more. */
export const ERROR_PING = 2;

export type ClientCommand =
  | {
      readonly RequestServerInfo: {
        readonly ClientName: string;
        readonly ProtocolVersionMajor: number;
        readonly ProtocolVersionMinor: number;
      };
    }
  | { readonly RequestDeviceList: object }
  | { readonly StartScanning: object }
  | { readonly StopScanning: object }
  | { readonly Ping: object }
  /** Without an index: every device. */
  | { readonly StopCmd: { readonly Inputs: boolean; readonly Outputs: boolean } }
  | {
      readonly OutputCmd: {
        readonly DeviceIndex: number;
        readonly FeatureIndex: number;
        readonly Command: Readonly<Record<string, { readonly Value: number }>>;
      };
    };

export interface ServerInfo {
  readonly MaxPingTime: number;
  readonly ServerName: string;
  readonly ProtocolVersionMajor: number;
}

export interface EngineDevice {
  readonly DeviceIndex: number;
  readonly DeviceName: string;
  readonly DeviceFeatures: Readonly<Record<string, EngineFeature>>;
}

export interface EngineFeature {
  readonly FeatureIndex: number;
  readonly Output?: Readonly<Record<string, { readonly Value: readonly number[] }>>;
}

export type EngineMessage = { readonly id: number } & (
  | { readonly is: 'Ok' }
  | { readonly is: 'Error'; readonly text: string; readonly code: number }
  | { readonly is: 'ServerInfo'; readonly info: ServerInfo }
  | { readonly is: 'DeviceList'; readonly devices: readonly EngineDevice[] }
  | { readonly is: 'other'; readonly name: string }
);

/** A frame with one command; `id` is what the answer to it will carry. */
export function encode(
  commands: readonly { readonly id: number; readonly command: ClientCommand }[],
): string {
  return JSON.stringify(
    commands.map(({ id, command }) => {
      const [name, fields] = Object.entries(command)[0] ?? [];
      return { [String(name)]: { Id: id, ...(fields as object) } };
    }),
  );
}

/** Reads a frame of the engine. Throws TypeError or SyntaxError on one that is not of the protocol. */
export function decode(text: string): EngineMessage[] {
  const frame: unknown = JSON.parse(text);
  if (!Array.isArray(frame)) throw new TypeError('a frame is an array');
  return (frame as unknown[]).map(decodeOne);
}

function decodeOne(message: unknown): EngineMessage {
  const [name, value] = Object.entries(asObject(message))[0] ?? [];
  const fields = asObject(value);
  const id = asNumber(fields.Id);
  switch (name) {
    case 'Ok':
      return { id, is: 'Ok' };
    case 'Error':
      return { id, is: 'Error', text: String(fields.ErrorMessage), code: asNumber(fields.ErrorCode) };
    case 'ServerInfo': {
      const MaxPingTime = asNumber(fields.MaxPingTime);
      const ProtocolVersionMajor = asNumber(fields.ProtocolVersionMajor);
      return {
        id,
        is: 'ServerInfo',
        info: { MaxPingTime, ProtocolVersionMajor, ServerName: String(fields.ServerName) },
      };
    }
    case 'DeviceList':
      return { id, is: 'DeviceList', devices: Object.values(asObject(fields.Devices)).map(decodeDevice) };
    default:
      return { id, is: 'other', name: String(name) };
  }
}

function decodeDevice(value: unknown): EngineDevice {
  const fields = asObject(value);
  const features = Object.entries(asObject(fields.DeviceFeatures)).map(([key, feature]) => [
    key,
    decodeFeature(feature),
  ]);
  return {
    DeviceIndex: asNumber(fields.DeviceIndex),
    DeviceName: String(fields.DeviceName),
    DeviceFeatures: Object.fromEntries(features) as Record<string, EngineFeature>,
  };
}

function decodeFeature(value: unknown): EngineFeature {
  const fields = asObject(value);
  const FeatureIndex = asNumber(fields.FeatureIndex);
  if (fields.Output === undefined || fields.Output === null) return { FeatureIndex };
  const outputs = Object.entries(asObject(fields.Output)).map(([type, output]) => {
    const range = asObject(output).Value;
    return [type, { Value: Array.isArray(range) ? range.map(asNumber) : [] }];
  });
  return { FeatureIndex, Output: Object.fromEntries(outputs) as Record<string, { Value: number[] }> };
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('an object was expected');
  return value as Record<string, unknown>;
}

function asNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('a number was expected');
  return value;
}
