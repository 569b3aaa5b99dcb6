import { DEVICE_PROBLEMS, type DeviceProblemCode } from '@nightjar/bridge/device-problems';

/** What went wrong with the bridge, for a person: what happened, and what to do. */
export interface BridgeProblem {
  /** Stable, to match on. */
  readonly code: string;
  readonly title: string;
  readonly wayOut: string;
}

/** What may go wrong in the page itself; a device's problems are DEVICE_PROBLEMS, a server's come with its words. */
const PROBLEMS = {
  bridge_silent: {
    title: 'The bridge does not answer.',
    wayOut:
      'It was ended, and what it moved rests as the device’s card says. Look at the device, then start the bridge again.',
  },
  bridge_not_started: {
    title: 'The bridge did not start.',
    wayOut: 'Reload the page. If that does not help, look whether the browser is up to date.',
  },
  bridge_fault: {
    title: 'The bridge found a fault in itself and stopped.',
    wayOut: 'Look at the device, then start the bridge again. Nothing moves before you arm it.',
  },
  bridge_version: {
    title: 'This page is older than its bridge.',
    wayOut: 'Reload the page.',
  },
  page_silent: {
    title: 'This page hung for a moment, so the bridge stopped.',
    wayOut: 'Its stop button would have done nothing. Arm again when you are ready.',
  },
  journal_in_use: {
    title: 'Another tab or window runs the bridge of this room.',
    wayOut: 'Go on there, or close it and start the bridge here.',
  },
  journal_unreadable: {
    title: 'What the bridge kept about earlier tips cannot be read.',
    wayOut: 'Start with an empty journal: tips of the last minutes may go back to their viewers.',
  },
  no_storage: {
    title: 'This browser keeps no data for this page.',
    wayOut:
      'Leave the private window, or allow the page to keep data: without a journal a tip could run twice.',
  },
  envelope_not_kept: {
    title: 'Your limits could not be kept.',
    wayOut: 'They may not hold after the next start. Look at them again, and set them once more.',
  },
  envelope_unsigned: {
    title: 'Your limits could not be verified, so the default ones hold.',
    wayOut: 'Set your limits once more.',
  },
} as const satisfies Record<string, { title: string; wayOut: string }>;

export type PageProblemCode = keyof typeof PROBLEMS;

export function pageProblem(code: PageProblemCode): BridgeProblem {
  return { code, ...PROBLEMS[code] };
}

export function deviceProblem(code: DeviceProblemCode): BridgeProblem {
  return { code, ...DEVICE_PROBLEMS[code] };
}

/** A server's problem: its title has the way out in it. */
export function serverProblem({ code, title }: { code: string; title: string }): BridgeProblem {
  return { code, title, wayOut: '' };
}
