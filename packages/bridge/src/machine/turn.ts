import type { OutcomeResult } from '../outcome.ts';
import { serverTime } from './clock-offset.ts';
import type { MachineState, Now, Output, TippedEffect } from './types.ts';

/** One step being taken: a private copy of the state, and what is to be done so far. */
export interface Turn {
  readonly state: { -readonly [K in keyof MachineState]: MachineState[K] };
  readonly now: Now;
  readonly outputs: Output[];
}

/** Everything to rest. The one way to lower `level` without a lease. */
export function putStop(turn: Turn, why: string): void {
  turn.outputs.push({ is: 'stop', why });
  turn.state.level = 0;
  turn.state.levelMono = turn.now.mono;
}

/** The bridge's word on an effect. */
export function putOutcome(
  turn: Turn,
  tip: TippedEffect,
  result: OutcomeResult,
  ranMs: number,
  reason?: string,
): void {
  const { offset, roomId } = turn.state;
  const atMs = offset === undefined ? turn.now.wall : serverTime(offset, turn.now.mono).ms;
  // The effect may be one that was refused for being malformed.
  const { durationMs } = tip.effect;
  turn.outputs.push({
    is: 'outcome',
    body: {
      roomId,
      tipId: tip.tipId,
      result,
      ranMs: Math.floor(ranMs),
      durationMs: Number.isSafeInteger(durationMs) && durationMs >= 0 ? durationMs : 0,
      ...(reason === undefined ? {} : { reason }),
      atServerMs: Math.max(0, Math.round(atMs)),
    },
    ...(tip.trace === undefined ? {} : { trace: tip.trace }),
  });
}
