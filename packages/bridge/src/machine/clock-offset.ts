import { CLOCK_DRIFT_SHARE } from './limits.ts';

/** What is known of the server's time: server = mono + offsetMs, give or take errorMs at the time of measuring. */
export interface ClockOffset {
  readonly offsetMs: number;
  readonly errorMs: number;
  readonly measuredMono: number;
}

/** A time of the server's, with its error: the truth lies within ms ± errorMs. */
export interface ServerTime {
  readonly ms: number;
  readonly errorMs: number;
}

/**
 * One measurement: the server said `serverMs` somewhere between sending and receiving, so the middle is off by
 * half of the round trip at most.
 */
export function measureOffset(sentMono: number, receivedMono: number, serverMs: number): ClockOffset {
  const half = Math.max(0, receivedMono - sentMono) / 2;
  return { offsetMs: serverMs - (sentMono + half), errorMs: half, measuredMono: receivedMono };
}

/** Keeps the better of the two, as of now: an old measurement gets worse with its age. */
export function betterOffset(known: ClockOffset | undefined, next: ClockOffset): ClockOffset {
  if (known === undefined) return next;
  return next.errorMs <= errorAt(known, next.measuredMono) ? next : known;
}

export function serverTime(offset: ClockOffset, nowMono: number): ServerTime {
  return { ms: nowMono + offset.offsetMs, errorMs: errorAt(offset, nowMono) };
}

function errorAt(offset: ClockOffset, nowMono: number): number {
  return offset.errorMs + Math.max(0, nowMono - offset.measuredMono) * CLOCK_DRIFT_SHARE;
}
