import type { OutputKind } from '@nightjar/contracts/effect';
import { OUTPUTS_MAX } from './limits.ts';

/**
 * What each kind of output does when it does nothing (rule 6). `zero`: a level of 0 is written. `hold`: nothing
 * is written, the last bounded motion ends by itself. `vent`: the output must be let out.
 */
export const REST_OF_KIND: Readonly<Record<OutputKind, Rest>> = {
  vibrate: 'zero',
  rotate: 'zero',
  oscillate: 'zero',
  position: 'hold',
  inflate: 'vent',
};

export type Rest = 'zero' | 'hold' | 'vent';

export function isOutputKind(value: unknown): value is OutputKind {
  return typeof value === 'string' && Object.hasOwn(REST_OF_KIND, value);
}

/**
 * Whether a kind may be driven in this version. Rule 6: its rest must be writable at any time, and a command to it
 * must be bounded by the lease. A position would need a limit of speed from a place that is not known, and an
 * inflated output stays so when its link goes: both are refused until the envelope can bound them.
 */
export function isDrivable(kind: OutputKind): boolean {
  return REST_OF_KIND[kind] === 'zero';
}

/** One thing on a device that can be driven. Levels are 0 to 1; the driver turns them into `steps`, downwards. */
export interface DeviceOutput {
  readonly id: string;
  readonly kind: OutputKind;
  /** How many levels above rest the device knows, at least 1. */
  readonly steps: number;
}

/** The outputs of a device that are driven; the rest of them only ever get a stop. Throws RangeError on too many. */
export function admitOutputs(outputs: readonly DeviceOutput[]): DeviceOutput[] {
  if (outputs.length > OUTPUTS_MAX) throw new RangeError(`a device with more than ${OUTPUTS_MAX} outputs`);
  return outputs.filter(({ kind, steps }) => isDrivable(kind) && Number.isInteger(steps) && steps >= 1);
}
