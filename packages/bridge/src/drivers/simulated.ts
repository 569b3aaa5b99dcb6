import type { DeviceDriver, DeviceEvents, DeviceLink } from '../driver.ts';
import type { DeviceOutput } from '../machine/kinds.ts';
import { Lease } from '../machine/lease.ts';

export interface SimulatedOptions {
  readonly outputs?: readonly DeviceOutput[];
  /** Given, the link dies like an engine's when nothing renews it. */
  readonly keepAliveMs?: number;
  /** Hears each level as the device takes it, 0 to 1. */
  readonly onLevel?: (outputId: string, level: number) => void;
}

/** A device of software, for the demo and for tests: as exact as a real one, and it can be made to fail. */
export interface SimulatedDevice {
  /** The level of each output, as the device has it. */
  readonly levels: ReadonlyMap<string, number>;
  readonly opened: number;
  /** What the device does with the next writes: `hang` never answers, `reject` answers no, `throw` throws. */
  behave(how: 'well' | 'hang' | 'reject' | 'throw'): void;
  /** The link is lost, and with it what moves: this device rests by itself. */
  cut(): void;
}

const VIBRATOR: DeviceOutput = { id: 'vibrate', kind: 'vibrate', steps: 20 };

/** A driver to a simulated device. */
export function simulatedDriver(
  options: SimulatedOptions = {},
): DeviceDriver & { readonly device: SimulatedDevice } {
  const outputs = options.outputs ?? [VIBRATOR];
  const levels = new Map(outputs.map(({ id }) => [id, 0]));
  let behaviour: 'well' | 'hang' | 'reject' | 'throw' = 'well';
  let events: DeviceEvents | undefined;
  let opened = 0;

  const set = (id: string, level: number) => {
    levels.set(id, level);
    options.onLevel?.(id, level);
  };
  const rest = () => {
    for (const { id } of outputs) set(id, 0);
  };
  const answer = (act: () => void): Promise<void> => {
    if (behaviour === 'throw') throw new Error('the simulated device throws');
    if (behaviour === 'reject') return Promise.reject(new Error('the simulated device rejects'));
    if (behaviour === 'hang') return new Promise(() => {});
    act();
    return Promise.resolve();
  };
  const link: DeviceLink = {
    name: 'simulated device',
    outputs,
    ...(options.keepAliveMs === undefined ? {} : { keepAliveMs: options.keepAliveMs }),
    drive: ({ lease, outputs: driven, level }) => {
      if (!Lease.isLease(lease)) throw new TypeError('a drive without a lease');
      return answer(() => {
        // Downwards: a rounded step must not exceed what was asked for.
        for (const { id, steps } of driven) set(id, Math.floor(level * steps + 1e-9) / steps);
      });
    },
    keepAlive: () => answer(() => {}),
    stop: () => answer(rest),
    drop: () => {
      events = undefined;
      rest();
    },
  };
  return {
    name: 'simulated',
    open: (newEvents) => {
      events = newEvents;
      opened += 1;
      return Promise.resolve(link);
    },
    device: {
      levels,
      get opened() {
        return opened;
      },
      behave: (how) => {
        behaviour = how;
      },
      cut: () => {
        rest();
        events?.down('the simulated link was cut');
      },
    },
  };
}
