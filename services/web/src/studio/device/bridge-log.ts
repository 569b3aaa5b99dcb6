import type { LogLine } from '../../bridge/bridge-state.ts';

/** Lines that are shown, newest first. */
export const LOG_LINES_SHOWN = 8;

const WHY: Readonly<Record<string, string>> = {
  start: 'at its start',
  disarmed: 'by you',
  panic: 'by your stop',
  fault: 'after a fault',
  clock: 'because this computer slept',
  stalled: 'because this computer was too busy',
  device_refused: 'because the device cannot be driven safely',
  bridge_ended: 'with the end of the bridge',
};

/** What the bridge did, in a few words. */
export function logWords(line: LogLine): string {
  switch (line.is) {
    case 'stop_sent':
      return line.answered ? 'Stop sent' : 'Stop sent, not confirmed yet';
    case 'armed':
      return 'Armed';
    case 'latched':
      return `Disarmed ${WHY[line.why] ?? ''}`.trim();
    case 'device_open':
      return `Link open: ${line.name}`;
    case 'device_lost':
      return 'Link closed';
    case 'began':
      return 'A tip’s effect began';
    case 'problem':
      return line.problem.title;
  }
}
