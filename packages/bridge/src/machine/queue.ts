/** Effects on their way to the device: taken or refused, waiting, begun in order, expired. */
import { serverTime } from './clock-offset.ts';
import { KNOWN_IDS_MAX, QUEUE_MAX, QUEUE_WAIT_MS_MAX, START_UNCERTAINTY_MS_MAX } from './limits.ts';
import { isEffect } from './patterns.ts';
import { begin, outputsFor, whyNotDriving } from './running.ts';
import { putOutcome, type Turn } from './turn.ts';
import type { Queued, TippedEffect } from './types.ts';

/**
 * Rule 4 over bridges: what another bridge began and this one knows nothing of is not run again. How long it ran there
 * is not known here, so that none of it is paid for, unless that bridge's own word came first.
 */
const BEGUN_ELSEWHERE = 'begun_elsewhere';

/** Takes an effect from the room's log. One whose id is known changes nothing, however often it comes (rule 4). */
export function takeEffect(turn: Turn, tip: TippedEffect): void {
  const { state, now } = turn;
  if (tip.begun === true) dropBegun(turn, tip.tipId);
  if (state.known.has(tip.tipId)) return;
  state.known = remember(state.known, tip.tipId);
  if (tip.begun === true) {
    putOutcome(turn, tip, 'partly', 0, BEGUN_ELSEWHERE);
    return;
  }
  const refusal = whyRefused(turn, tip);
  if (refusal !== undefined) putOutcome(turn, tip, 'refused', 0, refusal);
  else state.queue = [...state.queue, { ...tip, sinceMono: now.mono }];
}

function whyRefused({ state }: Turn, { effect, startByMs }: TippedEffect): string | undefined {
  if (!isEffect(effect) || !Number.isFinite(startByMs)) return 'malformed';
  // Arming must never let loose what was tipped before: what comes while latched goes back at once.
  if (state.arm.phase === 'latched') return 'not_armed';
  if (!state.envelope.kinds.includes(effect.output)) return 'envelope';
  if (effect.durationMs > state.envelope.continuousMsMax) return 'envelope';
  if (state.queue.length >= QUEUE_MAX) return 'queue_full';
  return undefined;
}

/** Oldest ids are forgotten: their start deadlines are long over, so they could not begin either. */
function remember(known: ReadonlySet<string>, tipId: string): ReadonlySet<string> {
  const all = new Set(known);
  all.add(tipId);
  for (const oldest of all) {
    if (all.size <= KNOWN_IDS_MAX) break;
    all.delete(oldest);
  }
  return all;
}

/** Sends back what can no longer begin. */
export function expireQueued(turn: Turn): void {
  const { state } = turn;
  if (state.queue.length === 0) return;
  const waiting: Queued[] = [];
  for (const queued of state.queue) {
    const reason = whyExpired(turn, queued);
    if (reason === undefined) waiting.push(queued);
    else putOutcome(turn, queued, 'expired', 0, reason);
  }
  state.queue = waiting;
}

function whyExpired({ state, now }: Turn, queued: Queued): string | undefined {
  if (now.mono - queued.sinceMono > QUEUE_WAIT_MS_MAX) return 'waited';
  if (state.offset === undefined) return undefined;
  const time = serverTime(state.offset, now.mono);
  // The error counts against the effect: it must surely be before its deadline.
  return time.ms + time.errorMs > queued.startByMs ? 'deadline' : undefined;
}

/** What still waits here cannot have begun but elsewhere. What this bridge began itself goes on. */
export function dropBegun(turn: Turn, tipId: string): void {
  const { state } = turn;
  const queued = state.queue.find((tip) => tip.tipId === tipId);
  if (queued === undefined) return;
  state.queue = state.queue.filter((tip) => tip !== queued);
  putOutcome(turn, queued, 'partly', 0, BEGUN_ELSEWHERE);
}

/** Begins the oldest effect that waits, if everything allows it; goes past those that can never begin. */
export function beginNext(turn: Turn): void {
  while (turn.state.running === undefined) {
    const [next, ...rest] = turn.state.queue;
    if (next === undefined || mustWait(turn, next)) return;
    turn.state.queue = rest;
    const refusal = whyNotBeginning(turn, next);
    if (refusal === undefined) begin(turn, next);
    else putOutcome(turn, next, 'refused', 0, refusal);
  }
}

function mustWait(turn: Turn, next: Queued): boolean {
  const { state, now } = turn;
  if (whyNotDriving(turn) !== undefined || state.offset === undefined) return true;
  const { envelope, endedMono } = state;
  if (endedMono !== undefined && now.mono - endedMono < envelope.cooldownMs) return true;
  return (
    next.effect.durationMs <= envelope.continuousMsMax &&
    state.exertion.usedMs + next.effect.durationMs > envelope.continuousMsMax
  );
}

/** What was true when the effect was taken may have changed while it waited. */
function whyNotBeginning(turn: Turn, next: Queued): string | undefined {
  const { envelope, offset } = turn.state;
  if (!envelope.kinds.includes(next.effect.output)) return 'envelope';
  if (next.effect.durationMs > envelope.continuousMsMax) return 'envelope';
  if (outputsFor(turn, next).length === 0) return 'no_output';
  if (offset === undefined || serverTime(offset, turn.now.mono).errorMs > START_UNCERTAINTY_MS_MAX) {
    return 'clock_uncertain';
  }
  return undefined;
}

/** Sends everything back that has not begun. */
export function refuseQueued(turn: Turn, reason: string): void {
  for (const queued of turn.state.queue) putOutcome(turn, queued, 'refused', 0, reason);
  turn.state.queue = [];
}
