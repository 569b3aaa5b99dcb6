import { ENGINE_PING_MS_ADVISED } from './machine/limits.ts';

/** Why a device's link does not open, told apart so that a person knows what to do. */
export const DEVICE_PROBLEMS = {
  engine_unreachable: {
    title: 'Nothing answers at this address.',
    wayOut:
      'Start Intiface Central on this computer, press its start button, and look whether its port is the same.',
  },
  engine_closed: {
    title: 'The device engine closed the connection.',
    wayOut:
      'It serves one program at a time: close the other one that uses it, wait two seconds, and try again.',
  },
  not_an_engine: {
    title: 'What answers there is not a device engine.',
    wayOut: 'Look at the address: Intiface uses port 12345 if nobody changed it.',
  },
  engine_version: {
    title: 'This device engine is too old or too new.',
    wayOut: 'Update Intiface Central: version 4 of its protocol is needed.',
  },
  ping_time: {
    title: 'The device engine would let a device run on if this page hung.',
    wayOut: `In Intiface Central, under settings, switch the max ping time on and set it to ${ENGINE_PING_MS_ADVISED} ms; for intiface-engine: --max-ping-time ${ENGINE_PING_MS_ADVISED}. Then start it again.`,
  },
  no_device: {
    title: 'No device was found.',
    wayOut: 'Switch your device on, close apps that may hold it, and try again.',
  },
  no_safe_output: {
    title: 'Nothing of this device can be driven safely.',
    wayOut: 'Use one that vibrates, rotates or oscillates: others cannot be put to rest at any moment.',
  },
  not_answering: {
    title: 'The device did not answer in time.',
    wayOut: 'Bring it nearer, look at its battery, and try again.',
  },
  refused_by_browser: {
    title: 'The browser does not let this page speak to programs on this computer.',
    wayOut:
      'Press the sign left of the address, allow access to apps on this device or to the local network, and try again.',
  },
} as const satisfies Record<string, { title: string; wayOut: string }>;

export type DeviceProblemCode = keyof typeof DEVICE_PROBLEMS;

/** Why a link did not open. Trying again may help. */
export class DeviceProblem extends Error {
  override readonly name: string = 'DeviceProblem';
  readonly code: DeviceProblemCode;

  constructor(code: DeviceProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The driver will not drive this as it is, so that trying again is for a person: the message says what to change. */
export class DriverRefusal extends DeviceProblem {
  override readonly name = 'DriverRefusal';
}
