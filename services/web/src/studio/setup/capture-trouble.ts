/** Why there is no camera or microphone, told apart so that a person knows what to do. */
export type CaptureFault = 'refused' | 'missing' | 'in_use' | 'not_fitting' | 'unknown';
export type CaptureKind = 'camera' | 'microphone';

export interface CaptureTrouble {
  readonly kind: CaptureKind;
  readonly fault: CaptureFault;
}

/** By the names of https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia */
const FAULTS: Readonly<Record<string, CaptureFault>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
  OverconstrainedError: 'not_fitting',
};

export function captureFault(error: unknown): CaptureFault {
  return FAULTS[(error as { name?: string } | undefined)?.name ?? ''] ?? 'unknown';
}

interface Words {
  readonly title: string;
  readonly wayOut: string;
}

const REFUSED = (what: string): Words => ({
  title: `This page may not use your ${what}.`,
  wayOut: `Press the sign left of the address, allow the ${what}, and try again. If it is allowed there, your system’s privacy settings keep it from this browser.`,
});

const WORDS: Readonly<Record<CaptureKind, Readonly<Record<CaptureFault, Words>>>> = {
  camera: {
    refused: REFUSED('camera'),
    missing: {
      title: 'No camera was found.',
      wayOut: 'Plug one in, or switch it on. This page notices it by itself.',
    },
    in_use: {
      title: 'Another program has your camera.',
      wayOut: 'Close what may use it, for example a call or OBS, and try again.',
    },
    not_fitting: {
      title: 'The camera that you chose is not there any more.',
      wayOut: 'Choose another one, or plug it in again.',
    },
    unknown: {
      title: 'The camera did not start.',
      wayOut: 'Unplug it, plug it in again, and try once more.',
    },
  },
  microphone: {
    refused: REFUSED('microphone'),
    missing: {
      title: 'No microphone was found.',
      wayOut: 'Plug one in, or go on without sound.',
    },
    in_use: {
      title: 'Another program has your microphone.',
      wayOut: 'Close what may use it, or go on without sound.',
    },
    not_fitting: {
      title: 'The microphone that you chose is not there any more.',
      wayOut: 'Choose another one, or go on without sound.',
    },
    unknown: {
      title: 'The microphone did not start.',
      wayOut: 'Unplug it, plug it in again, and try once more.',
    },
  },
};

/** Refused both at once, as browsers ask for both at once: one answer mends it. */
export const BOTH_REFUSED: Words = {
  title: 'This page may not use your camera and microphone.',
  wayOut:
    'Press the sign left of the address, allow both, and try again. If they are allowed there, your system’s privacy settings keep them from this browser.',
};

export function captureWords({ kind, fault }: CaptureTrouble): Words {
  return WORDS[kind][fault];
}
