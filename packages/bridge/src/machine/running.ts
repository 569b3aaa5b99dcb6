/** The one effect that has begun: begin, drive, pause, end. */
import type { OutcomeResult } from '../outcome.ts';
import { capLevel, exertionAt } from './envelope.ts';
import type { DeviceOutput } from './kinds.ts';
import { Lease } from './lease.ts';
import { LEASE_MS_MIN, PERMIT_GAP_RESUME_MS, PROGRESS_MS, UNWRITTEN_MS_MAX } from './limits.ts';
import { levelAt } from './patterns.ts';
import { putOutcome, putStop, type Turn } from './turn.ts';
import type { Input, Queued, Running } from './types.ts';

/**
 * Carries the books on to now, before anything else is done in a step: time counts as run only while a lease held,
 * and a lease that ran out before this step means that the outputs are to rest. What was not written has not run: an effect
 * ends with what it had before, since a device that is so slow, or so slow a program, would not write the next one either.
 */
export function accountTime(turn: Turn, input: Input['is']): void {
  const { state, now } = turn;
  // To be on the safe side, what is still to be written counts as exertion already.
  state.exertion = exertionAt(state.exertion, now.mono, state.level > 0, state.envelope);
  const { running } = state;
  if (running?.state.is !== 'driving') return;
  const { sinceMono, leaseUntilMono, written } = running.state;
  const waitedTooLong = !written && (now.mono > leaseUntilMono || now.mono - sinceMono > UNWRITTEN_MS_MAX);
  if (input === 'unwritten' || waitedTooLong) return finish(turn, 'partly', 'unwritten');
  if (!written) return;
  const untilMono = Math.min(now.mono, leaseUntilMono);
  const ranMs = Math.min(running.effect.durationMs, running.ranMs + Math.max(0, untilMono - sinceMono));
  state.running = { ...running, ranMs, state: { ...running.state, sinceMono: untilMono } };
  if (now.mono > leaseUntilMono && ranMs < running.effect.durationMs) pause(turn, 'lease_lapsed', untilMono);
}

/** The device is told now: from here on it runs. */
export function noteWritten({ state, now }: Turn): void {
  const { running } = state;
  if (running?.state.is !== 'driving' || running.state.written) return;
  const driving = { ...running.state, sinceMono: now.mono, written: true };
  state.running = { ...running, toldMono: now.mono, state: driving };
  state.levelMono = now.mono;
}

/** What must hold for an output to leave rest, apart from the lease itself. */
export function whyNotDriving(turn: Turn): string | undefined {
  const { state, now } = turn;
  if (state.arm.phase !== 'armed') return 'not_armed';
  if (state.device.phase !== 'ready') return 'device';
  if (!state.serverUp) return 'server';
  if (state.permit?.isLive(now.mono) !== true) return 'permit';
  return undefined;
}

/** Takes the effect that runs one step further. */
export function advanceRunning(turn: Turn): void {
  const { state, now } = turn;
  const { running } = state;
  if (running === undefined) return;
  const why = whyNotDriving(turn);
  if (running.effect.durationMs - running.ranMs < LEASE_MS_MIN) {
    // What is left is too short to drive.
    state.running = { ...running, ranMs: running.effect.durationMs };
    finish(turn, 'ran');
  } else if (!state.envelope.kinds.includes(running.effect.output)) {
    finish(turn, 'partly', 'envelope');
  } else if (running.state.is === 'paused' && now.mono - running.state.sinceMono > PERMIT_GAP_RESUME_MS) {
    finish(turn, 'partly', `gap_${running.state.why}`);
  } else if (why === undefined && outputsFor(turn, running).length === 0) {
    // The device that came back is another one.
    finish(turn, 'partly', 'no_output');
  } else if (why === undefined) {
    drive(turn, running);
  } else if (running.state.is === 'driving') {
    pause(turn, why, now.mono);
  }
}

/** Begins an effect. The journal hears of it before the device does. */
export function begin(turn: Turn, queued: Queued): void {
  const { sinceMono: _, ...tip } = queued;
  const { mono } = turn.now;
  turn.outputs.push({ is: 'begun', tip });
  drive(turn, { ...tip, ranMs: 0, toldMono: mono, state: { is: 'paused', sinceMono: mono, why: 'begin' } });
}

/** A renewal: a lease first, then the level that it carries. */
function drive(turn: Turn, running: Running): void {
  const { state, now } = turn;
  state.running = running;
  const leftMs = running.effect.durationMs - running.ranMs;
  const budgetMs = state.envelope.continuousMsMax - state.exertion.usedMs;
  // The lease ends with the effect, so that a late step cannot make it longer.
  const lease = Lease.grant(state.permit, now.mono, Math.min(budgetMs, leftMs));
  if (lease !== undefined) driveUnder(turn, running, lease);
  else if (budgetMs < LEASE_MS_MIN) finish(turn, 'partly', 'envelope');
  else if (running.state.is === 'driving') pause(turn, 'permit', now.mono);
}

function driveUnder(turn: Turn, running: Running, lease: Lease): void {
  const { state, now } = turn;
  const before = running.state.is === 'driving' ? running.state : undefined;
  const written = before?.written === true;
  // From rest there is no time to have risen in.
  const [from, sinceMs] = written && state.level > 0 ? [state.level, now.mono - state.levelMono] : [0, 0];
  const level = capLevel(levelAt(running.effect, running.ranMs), from, sinceMs, state.envelope);
  const drive = { lease, outputs: outputsFor(turn, running), level };
  turn.outputs.push({ is: 'drive', drive, tipId: running.tipId });
  state.level = level;
  state.levelMono = now.mono;
  state.keptAliveMono = now.mono;
  const tell = before === undefined || now.mono - running.toldMono >= PROGRESS_MS;
  state.running = {
    ...running,
    toldMono: tell ? now.mono : running.toldMono,
    state: {
      is: 'driving',
      sinceMono: before?.written === false ? before.sinceMono : now.mono,
      leaseUntilMono: lease.untilMono,
      written,
    },
  };
  if (tell) turn.outputs.push({ is: 'progress', tip: running, state: 'running', ranMs: running.ranMs });
}

/** The device's outputs that an effect moves. */
export function outputsFor(turn: Turn, tip: Pick<Running, 'effect'>): DeviceOutput[] {
  const { device } = turn.state;
  if (device.phase !== 'ready') return [];
  return device.outputs.filter(({ kind }) => kind === tip.effect.output);
}

/** Rests, and waits for what is missing to come back. */
function pause(turn: Turn, why: string, sinceMono: number): void {
  const { running } = turn.state;
  if (running === undefined) return;
  putStop(turn, why);
  turn.state.running = { ...running, state: { is: 'paused', sinceMono, why } };
  turn.outputs.push({ is: 'progress', tip: running, state: 'paused', ranMs: running.ranMs });
}

/** Ends the effect that runs, at rest. */
export function finish(turn: Turn, result: OutcomeResult, reason?: string): void {
  const { running } = turn.state;
  if (running === undefined) return;
  if (running.state.is === 'driving' || turn.state.level > 0) putStop(turn, reason ?? 'end');
  putOutcome(turn, running, result, running.ranMs, reason);
  delete turn.state.running;
  turn.state.endedMono = turn.now.mono;
}
