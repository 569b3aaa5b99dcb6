import type { LatchWhy } from '@nightjar/bridge/machine/types';
import type { BridgeState } from '../../bridge/bridge-state.ts';

export interface DeviceWords {
  readonly title: string;
  readonly text: string;
  /** Whether arming makes sense at this moment. */
  readonly mayArm: boolean;
}

const LATCHED: Readonly<Record<LatchWhy | 'other', string>> = {
  start: 'Tips wait until you arm it.',
  disarmed: 'You disarmed it. Tips wait until you arm it again.',
  panic: 'You stopped it. Arm it again when you are ready.',
  fault: 'Something went wrong next to the device, so it was stopped. Look at it before you arm it again.',
  clock: 'This computer slept, or its clock was changed. Arm it again when you are ready.',
  stalled: 'This computer was too busy for a moment. Arm it again when you are ready.',
  device_refused: 'This device cannot be driven safely as it is.',
  other: 'Arm it again when you are ready.',
};

/** What a device's card says of it: whether tips move it, and if not, why and what to do. */
export function deviceWords(state: BridgeState): DeviceWords {
  const no = (title: string, text: string): DeviceWords => ({ title, text, mayArm: false });
  const { phase, view, problem } = state;
  if (phase === 'off' || phase === 'leaving')
    return no('No device', 'Tips that ask for an effect go back to their viewers.');
  if (phase === 'starting') return no('Starting', 'The bridge next to your device is starting.');
  if (phase === 'ended' || phase === 'dead')
    return no(
      problem?.title ?? 'The bridge has ended',
      problem?.wayOut ?? 'Start it again when you are ready. Nothing is armed by that.',
    );
  if (!view) return no('Starting', 'The bridge next to your device is starting.');
  const { arm, device } = view;
  if (device !== 'ready') {
    if (view.deviceProblem !== undefined && problem) return no(problem.title, problem.wayOut);
    return no(
      'Looking for your device',
      device === 'resting' ? 'It is put to rest first.' : 'Its link is not open yet.',
    );
  }
  if (view.server === 'down')
    return no(
      'No line to the room',
      'Nothing moves while the room is out of reach. It comes back by itself.',
    );
  switch (arm.phase) {
    case 'armed':
      return {
        title: 'Armed',
        text: view.permit ? 'Tips move it.' : deniedWords(view.denied),
        mayArm: false,
      };
    case 'arming':
      return no('Arming', 'A stop is written first.');
    case 'latched':
      return {
        title: 'Not armed',
        text: LATCHED[arm.why] ?? LATCHED.other,
        mayArm: arm.why !== 'device_refused',
      };
  }
}

function deniedWords(denied: string | undefined): string {
  if (denied === 'not_live' || denied === 'no_show') return 'It waits until your show is on.';
  return 'The room does not let it go on at this moment, so it rests.';
}

/** The device's link and the room's permission, as two short facts. */
export function linkFacts({
  view,
}: BridgeState): readonly { readonly name: string; readonly text: string }[] {
  if (!view) return [];
  const link = { down: 'not open', opening: 'opening', resting: 'being put to rest', ready: 'open' }[
    view.device
  ];
  return [
    { name: 'Link', text: link },
    { name: 'Room', text: view.server === 'down' ? 'out of reach' : view.permit ? 'lets it go on' : 'waits' },
  ];
}
