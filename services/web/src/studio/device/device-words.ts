import type { LatchWhy } from '@nightjar/bridge/machine/types';
import type { BridgeState } from '../../bridge/bridge-state.ts';

export interface DeviceWords {
  readonly title: string;
  readonly text: string;
  /** Whether arming makes sense at this moment. */
  readonly mayArm: boolean;
}

const LATCHED: Readonly<Record<LatchWhy, string>> = {
  start: 'Tips wait until you arm it. Its link is opened then.',
  disarmed: 'You disarmed it. Tips wait until you arm it again.',
  panic: 'You stopped it. Arm it again when you are ready.',
  fault: 'Something went wrong next to the device, so it was stopped. Look at it before you arm it again.',
  clock: 'This computer slept, or its clock was changed. Arm it again when you are ready.',
  stalled: 'This computer was too busy for a moment. Arm it again when you are ready.',
  device_refused: 'This device cannot be driven safely as it is.',
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
  const { arm, device, server } = view;
  if (server === 'down')
    return no(
      'No line to the room',
      'Nothing moves while the room is out of reach. It comes back by itself.',
    );
  switch (arm.phase) {
    case 'armed':
      if (device !== 'ready')
        return no(
          'Armed, and your device is away',
          problem?.wayOut ?? 'Its link comes back by itself, or you bring it nearer.',
        );
      return no('Armed', view.permit ? 'Tips move it.' : deniedWords(view.denied));
    case 'arming':
      return device === 'ready'
        ? no('Arming', 'A stop is written first.')
        : no('Looking for your device', 'Its link is being opened, and a stop is written first.');
    case 'latched':
      // Its link is opened for a person who arms, and not before: that is how it is tried again.
      if (view.deviceProblem !== undefined && problem)
        return { title: problem.title, text: problem.wayOut, mayArm: true };
      return { title: 'Not armed', text: LATCHED[arm.why], mayArm: true };
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

/** How looking for the device, or trying it, goes. */
export function trialWords({ view }: BridgeState): string {
  const here = view?.deviceName !== undefined;
  switch (view?.trial) {
    case 'moving':
      return 'It moves gently, for a second.';
    case 'stopped':
      return 'You stopped it.';
    case 'envelope':
      return 'Your limits want it to rest first. Try it again in a minute.';
    default:
      return here
        ? 'It is here, and a stop was written to it. A try moves it gently for a second.'
        : 'Its link is opened. Nothing moves by that.';
  }
}
