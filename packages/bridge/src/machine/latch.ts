/** Armed or latched, and the freshness of time that armed rests on. */
import { CLOCK_DISAGREEMENT_MS, STALL_MS_MAX } from './limits.ts';
import { refuseQueued } from './queue.ts';
import { finish } from './running.ts';
import { endTrial } from './trial.ts';
import { putStop, type Turn } from './turn.ts';
import type { LatchWhy, Now } from './types.ts';

/** Stops, ends everything, and stays so until a person arms (rule 2). It needs no network and nobody's leave. */
export function latch(turn: Turn, why: LatchWhy, detail?: string): void {
  const { state } = turn;
  putStop(turn, why);
  state.arm = { phase: 'latched', why, ...(detail === undefined ? {} : { detail }) };
  endTrial(turn, why === 'device_refused' ? 'no_device' : 'stopped');
  dropPermits(turn);
  finish(turn, 'partly', why);
  refuseQueued(turn, why);
  delete state.denied;
}

/** Forgets every permit, and every ask so that no late answer makes one. */
export function dropPermits({ state }: Turn): void {
  delete state.permit;
  delete state.offset;
  state.asks = [];
}

/**
 * Rule 2: armed does not survive sleep. Sleep shows as clocks that disagree, since monotonic clocks stop in it on
 * common platforms, or as a step that comes much later than it was due.
 */
export function checkFreshness(turn: Turn): void {
  const { state, now } = turn;
  if (state.arm.phase === 'latched' && state.trial === undefined) return;
  if (state.last !== undefined && disagree(state.last, now)) latch(turn, 'clock');
  else if (state.wakeMono !== undefined && now.mono - state.wakeMono > STALL_MS_MAX) latch(turn, 'stalled');
}

function disagree(last: Now, now: Now): boolean {
  const passedMono = now.mono - last.mono;
  const passedWall = now.wall - last.wall;
  // Written so that a clock that is not a number counts as a disagreement.
  return !(passedMono >= 0 && Math.abs(passedMono - passedWall) <= CLOCK_DISAGREEMENT_MS);
}
