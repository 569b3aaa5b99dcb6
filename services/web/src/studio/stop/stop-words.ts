import type { StopFact } from '@nightjar/bridge/stops-when';
import type { BridgeState } from '../../bridge/bridge-state.ts';

export interface StopWords {
  readonly text: string;
  /** `moving`: a press would stop something at this moment. `alarm`: it needs a person's hand, now. */
  readonly tone: 'calm' | 'moving' | 'sent' | 'alarm';
}

/** How long a press is answered by itself: its stop is written within this time, or what is wrong is known. */
const PRESS_MS = 3_000;

const calm = (text: string): StopWords => ({ text, tone: 'calm' });

/**
 * What is known of stopping, and no more. Written is not the same as at rest, and these words never say so.
 *
 * @param pressedWall when a person last pressed stop, in ms since 1970
 */
export function stopWords(state: BridgeState | undefined, nowWall: number, pressedWall?: number): StopWords {
  if (!state || state.phase === 'off') return calm('No device is connected.');
  const { view, phase } = state;
  const stop = view?.stop;
  if (phase === 'dead')
    return {
      text: `The bridge did not answer and was cut off.${state.lost ? ` ${fate(state, 'page_hangs', 'page_ends')}` : ''}`,
      tone: state.lost ? 'alarm' : 'sent',
    };
  if (phase === 'starting') return calm('The bridge is starting. Nothing moves before you arm it.');
  if (phase === 'ended')
    return calm(stop ? `Stop sent ${clock(stop.sentWall)}. The bridge has ended.` : 'The bridge has ended.');
  const fresh = pressedWall !== undefined && nowWall - pressedWall < PRESS_MS;
  if (fresh && (stop?.sentWall ?? 0) < pressedWall && view?.device !== 'down')
    return { text: 'Stopping …', tone: 'sent' };
  if (state.lost && view?.device !== 'ready') {
    const lostWall = state.log.findLast(({ is }) => is === 'device_lost')?.atMs ?? nowWall;
    return {
      text: `Link lost ${ago(lostWall, nowWall)}. ${fate(state, 'engine_ends', 'out_of_reach')}`,
      tone: 'alarm',
    };
  }
  if (state.level > 0 || view?.running?.state === 'driving')
    return { text: 'A device moves now.', tone: 'moving' };
  if (view?.arm.phase === 'armed') return calm('Armed. Nothing moves at this moment.');
  if (view?.arm.phase === 'arming') return calm('Arming. Nothing moves yet.');
  if (view?.arm.phase === 'latched' && stop && view.arm.why !== 'start')
    return {
      text: `Stop sent ${clock(stop.sentWall)}${stop.answered ? '' : ', not confirmed yet'}. Nothing moves until you arm it.`,
      tone: 'sent',
    };
  return calm('Not armed. Nothing moves.');
}

/** What the device does by itself once nobody can reach it: the worst of what may have happened. */
function fate({ stopsWhen }: BridgeState, ...events: StopFact['event'][]): string {
  const endings = stopsWhen.filter(({ event }) => events.includes(event)).map(({ ending }) => ending);
  if (endings.includes('runs_on')) return 'This device may not stop by itself: switch it off by hand.';
  if (endings.includes('unknown'))
    return 'Whether this device stops by itself is not known: switch it off by hand.';
  return 'This device stops by itself.';
}

function ago(wall: number, nowWall: number): string {
  const seconds = Math.max(0, Math.round((nowWall - wall) / 1_000));
  return seconds < 90 ? `${seconds} s ago` : `at ${clock(wall)}`;
}

export function clock(wall: number): string {
  return new Date(wall).toLocaleTimeString('en-GB');
}
