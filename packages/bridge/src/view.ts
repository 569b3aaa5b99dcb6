import type { DeviceProblemCode } from './device-problems.ts';
import type { DeviceOutput } from './machine/kinds.ts';
import type { Arm, MachineState, TrialEnd } from './machine/types.ts';

/** What a screen may show of a bridge. Its words: 'stop sent', never 'at zero'. */
export interface BridgeView {
  readonly arm: Arm;
  readonly device: 'down' | 'opening' | 'resting' | 'ready';
  readonly deviceName?: string;
  /** What of the open device may be driven. */
  readonly outputs?: readonly DeviceOutput[];
  /** Why the device's link did not open when it was last tried; gone once it is open. */
  readonly deviceProblem?: DeviceProblemCode;
  readonly server: 'down' | 'up';
  readonly permit: boolean;
  /** Why the server last said no to a permit. */
  readonly denied?: string;
  readonly running?: { readonly tipId: string; readonly state: 'driving' | 'paused'; readonly why?: string };
  readonly queued: number;
  /** A trial: waiting for the device, moving, or how the last one ended. */
  readonly trial?: 'waiting' | 'moving' | TrialEnd;
  /** The last stop that was written, and whether its receiver answered. */
  readonly stop?: { readonly sentWall: number; readonly answered: boolean };
  /** The last outcome of this run that the server refused for good: its tip's tokens go back by their time-out. */
  readonly rejected?: { readonly tipId: string; readonly code: string };
}

/** The machine's part of the view. */
export function viewOf(
  state: MachineState,
  nowMono: number,
): Omit<BridgeView, 'deviceName' | 'deviceProblem' | 'stop' | 'rejected'> {
  const { running, denied, device, trial, trialEnd } = state;
  const tried = trial === undefined ? trialEnd : trial.right === undefined ? 'waiting' : 'moving';
  return {
    arm: state.arm,
    device: device.phase,
    ...('outputs' in device ? { outputs: device.outputs } : {}),
    server: state.serverUp ? 'up' : 'down',
    permit: state.permit?.isLive(nowMono) === true,
    ...(denied === undefined ? {} : { denied }),
    ...(running === undefined
      ? {}
      : {
          running: {
            tipId: running.tipId,
            state: running.state.is,
            ...(running.state.is === 'paused' ? { why: running.state.why } : {}),
          },
        }),
    queued: state.queue.length,
    ...(tried === undefined ? {} : { trial: tried }),
  };
}
