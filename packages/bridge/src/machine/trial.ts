/**
 * The named exception of rule 1: a person tries her device before anybody can tip, without a server. Only while latched,
 * gently, for a second, and it stays latched; whatever else happens ends it.
 */
import { Lease } from './lease.ts';
import { ARMING_MS_MAX, TRIAL_LEVEL_MAX, TRIAL_MS_MAX } from './limits.ts';
import { TrialRight } from './trial-right.ts';
import { putStop, type Turn } from './turn.ts';
import type { TrialEnd } from './types.ts';

/** Sums of fractions: what is left need not be what was given less what went. */
const MS_TOLERANCE = 1e-6;

/** A person's hand. Does nothing unless latched, and never makes a trial that is on any longer. */
export function askTrial(turn: Turn, level: number): void {
  const { state, now } = turn;
  if (!(level >= 0 && level <= TRIAL_LEVEL_MAX)) throw new RangeError('not a level of a trial');
  if (state.arm.phase !== 'latched' || state.trial !== undefined) return;
  delete state.trialEnd;
  state.trial = { level, sinceMono: now.mono };
}

/** Ends it at rest. */
export function endTrial(turn: Turn, end: TrialEnd): void {
  const { state, now } = turn;
  if (state.trial === undefined) return;
  if (state.trial.right !== undefined) {
    putStop(turn, `trial_${end}`);
    state.endedMono = now.mono;
  }
  delete state.trial;
  state.trialEnd = end;
}

/** The link did not open, or went. Only one that has not begun to move may wait for another try. */
export function trialLostDevice(turn: Turn, refused: boolean): void {
  const { trial } = turn.state;
  if (trial === undefined) return;
  if (refused || trial.right !== undefined || isTooLate(turn)) endTrial(turn, 'no_device');
}

/** Takes it one step further: begins once the first stop is confirmed, renews its lease, and ends. */
export function advanceTrial(turn: Turn): void {
  const { state, now } = turn;
  const { trial } = state;
  if (trial === undefined) return;
  if (trial.leaseUntilMono !== undefined && now.mono > trial.leaseUntilMono) endTrial(turn, 'done');
  else if (trial.right !== undefined) move(turn, trial.right);
  else if (isTooLate(turn)) endTrial(turn, 'no_device');
  else if (state.device.phase === 'ready' && !isCoolingDown(turn)) begin(turn);
}

function begin(turn: Turn): void {
  const { state, now } = turn;
  if (state.trial?.level === 0) endTrial(turn, 'done');
  else if (state.exertion.usedMs + TRIAL_MS_MAX > state.envelope.continuousMsMax) endTrial(turn, 'envelope');
  else move(turn, TrialRight.begin(now.mono));
}

function move(turn: Turn, right: TrialRight): void {
  const { state, now } = turn;
  const { trial, envelope, device } = state;
  if (trial === undefined || device.phase !== 'ready') return;
  const outputs = device.outputs.filter(({ kind }) => envelope.kinds.includes(kind));
  const lease = Lease.forTrial(right, now.mono);
  // It had room for all of it when it began, but the envelope may have become narrower since.
  const budgetMs = envelope.continuousMsMax - state.exertion.usedMs;
  if (lease === undefined) {
    endTrial(turn, 'done');
  } else if (outputs.length === 0 || lease.untilMono - now.mono > budgetMs + MS_TOLERANCE) {
    endTrial(turn, 'envelope');
  } else {
    // No more than may come at once: a trial is too short for a ramp.
    const level = Math.min(trial.level, envelope.levelMax, envelope.jumpLevelMax);
    turn.outputs.push({ is: 'trial', drive: { lease, outputs, level } });
    state.trial = { ...trial, right, leaseUntilMono: lease.untilMono };
    state.level = level;
    state.levelMono = now.mono;
    state.keptAliveMono = now.mono;
  }
}

function isTooLate({ state: { trial }, now }: Turn): boolean {
  return trial !== undefined && now.mono - trial.sinceMono >= ARMING_MS_MAX;
}

function isCoolingDown({ state: { endedMono, envelope }, now }: Turn): boolean {
  return endedMono !== undefined && now.mono - endedMono < envelope.cooldownMs;
}
