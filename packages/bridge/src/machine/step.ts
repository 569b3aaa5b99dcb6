/** The bridge's machine. Pure: no clock, no socket, no device, nothing random. */
import { betterOffset, measureOffset } from './clock-offset.ts';
import { DEFAULT_ENVELOPE, type Envelope, isEnvelope } from './envelope.ts';
import { admitOutputs } from './kinds.ts';
import { checkFreshness, dropPermits, latch } from './latch.ts';
import { ARMING_MS_MAX } from './limits.ts';
import { Permit, type PermitAnswer } from './permit.ts';
import { beginNext, dropBegun, expireQueued, takeEffect } from './queue.ts';
import { accountTime, advanceRunning, noteWritten } from './running.ts';
import { advanceTrial, askTrial, endTrial, trialLostDevice } from './trial.ts';
import { putStop, type Turn } from './turn.ts';
import type { Input, MachineState, Now, OpenDevice, Step } from './types.ts';
import { askForPermit, keepAlive, openDevice, whenToRetry, whenToWake } from './upkeep.ts';

/**
 * The machine as it is after a start, a reload or a crash: latched, always.
 * @param known ids of effects that must not run again, from the journal
 */
export function initialState(
  roomId: string,
  known: Iterable<string> = [],
  envelope?: Envelope,
): MachineState {
  return {
    roomId,
    arm: { phase: 'latched', why: 'start' },
    device: { phase: 'down', attempts: 0, retryMono: 0 },
    serverUp: false,
    envelope: envelope ?? DEFAULT_ENVELOPE,
    asks: [],
    askedN: 0,
    answeredN: 0,
    queue: [],
    known: new Set(known),
    exertion: { usedMs: 0, atMono: 0 },
    level: 0,
    levelMono: 0,
    keptAliveMono: 0,
  };
}

/**
 * The machine after a fault: a new one, latched, that keeps only what makes it stricter. Anything else of the old
 * state may be what is broken (rule 7).
 */
export function stateAfterFault(broken: MachineState, detail: string): MachineState {
  const { roomId, known, envelope, serverUp, askedN, askedMono, exertion, endedMono } = broken;
  return {
    ...initialState(roomId, known, envelope),
    arm: { phase: 'latched', why: 'fault', detail },
    serverUp,
    // No late answer to an old ask may pass for one to a new ask.
    askedN,
    answeredN: askedN,
    exertion,
    ...(askedMono === undefined ? {} : { askedMono }),
    ...(endedMono === undefined ? {} : { endedMono }),
  };
}

/**
 * One step: what happened, when, and what is to be done about it, in order. Throws on what can only be a fault;
 * whoever steps it then stops the device itself (rule 7).
 */
export function step(state: MachineState, input: Input, now: Now): Step {
  const turn: Turn = { state: { ...state }, now, outputs: [] };
  accountTime(turn, input.is);
  checkFreshness(turn);
  take(turn, input);
  turn.state.last = now;
  // What is being written just now needs no renewal yet, and is stepped when it was to be.
  if (input.is === 'written') return { state: turn.state, outputs: turn.outputs };
  expireQueued(turn);
  advanceRunning(turn);
  advanceTrial(turn);
  beginNext(turn);
  if (input.is === 'effect') tellQueued(turn, input.tip.tipId);
  openDevice(turn);
  keepAlive(turn);
  askForPermit(turn);
  const wakeMono = whenToWake(turn);
  if (wakeMono === undefined) delete turn.state.wakeMono;
  else turn.state.wakeMono = wakeMono;
  return { state: turn.state, outputs: turn.outputs };
}

function take(turn: Turn, input: Input): void {
  const { state } = turn;
  switch (input.is) {
    case 'tick':
      break;
    case 'arm':
      arm(turn);
      break;
    case 'disarm':
      latch(turn, 'disarmed');
      break;
    case 'trial':
      tryDevice(turn, input.level);
      break;
    case 'panic':
      latch(turn, 'panic');
      break;
    case 'effect':
      takeEffect(turn, input.tip);
      break;
    case 'begun':
      dropBegun(turn, input.tipId);
      break;
    case 'server_up':
      state.serverUp = true;
      tellRunning(turn);
      break;
    case 'server_down':
      state.serverUp = false;
      dropPermits(turn);
      break;
    case 'permit':
      takePermit(turn, input.answer);
      break;
    case 'device_open':
      deviceOpen(turn, input);
      break;
    case 'device_down':
      deviceDown(turn, input.refused, input.detail);
      break;
    case 'written':
      noteWritten(turn);
      break;
    case 'unwritten':
      endTrial(turn, 'stopped');
      break;
    case 'stopped':
      stopped(turn);
      break;
    case 'envelope':
      if (!isEnvelope(input.envelope)) throw new RangeError('not an envelope');
      state.envelope = input.envelope;
      break;
  }
}

/** Only a person comes here. */
function arm(turn: Turn): void {
  const { state } = turn;
  if (state.arm.phase !== 'latched') return;
  endTrial(turn, 'stopped');
  state.arm = { phase: 'arming', sinceMono: turn.now.mono };
  wantDevice(turn);
}

/** Only a person comes here. */
function tryDevice(turn: Turn, level: number): void {
  const { trial } = turn.state;
  askTrial(turn, level);
  if (turn.state.trial !== trial) wantDevice(turn);
}

/** Whatever the device did meanwhile, its first write is a stop. */
function wantDevice(turn: Turn): void {
  const { state } = turn;
  if (state.device.phase === 'resting' || state.device.phase === 'ready') restFirst(turn, state.device);
  else if (state.device.phase === 'down')
    state.device = { phase: 'down', attempts: 0, retryMono: turn.now.mono };
}

/** Rule 3: after a loss, and before anything else, a stop; nothing is driven until it is confirmed. */
function restFirst(turn: Turn, device: OpenDevice): void {
  const { outputs, keepAliveMs } = device;
  turn.state.device = { phase: 'resting', outputs, ...(keepAliveMs === undefined ? {} : { keepAliveMs }) };
  putStop(turn, 'first_write');
}

function deviceOpen(turn: Turn, device: OpenDevice): void {
  const outputs = admitOutputs(device.outputs);
  restFirst(turn, { ...device, outputs });
  if (outputs.length === 0) latch(turn, 'device_refused', 'no output of the device can be driven safely');
}

function deviceDown(turn: Turn, refused: boolean, detail: string): void {
  const { state, now } = turn;
  const attempts = 'attempts' in state.device ? state.device.attempts : 0;
  state.device = { phase: 'down', attempts: attempts + 1, retryMono: now.mono + whenToRetry(attempts) };
  const tooLate = state.arm.phase === 'arming' && now.mono - state.arm.sinceMono >= ARMING_MS_MAX;
  trialLostDevice(turn, refused);
  // Refused is for a person to mend; anything else is tried again, but nobody is armed by surprise much later.
  if (state.arm.phase !== 'latched' && (refused || tooLate)) latch(turn, 'device_refused', detail);
}

function stopped({ state }: Turn): void {
  if (state.device.phase !== 'resting') return;
  state.device = { ...state.device, phase: 'ready' };
  if (state.arm.phase === 'arming') state.arm = { phase: 'armed' };
}

function takePermit(turn: Turn, answer: PermitAnswer): void {
  const { state, now } = turn;
  const ask = state.asks.find(({ n }) => n === answer.n);
  // Unknown, or older than one that was answered already: a later no must not be undone by an earlier yes.
  if (ask === undefined || answer.n <= state.answeredN) return;
  state.answeredN = answer.n;
  state.asks = state.asks.filter(({ n }) => n > answer.n);
  if (Number.isFinite(answer.serverMs)) {
    state.offset = betterOffset(state.offset, measureOffset(ask.sentMono, now.mono, answer.serverMs));
  }
  const permit = Permit.from(ask, answer, now.mono);
  delete state.denied;
  if (permit !== undefined) {
    state.permit = permit;
  } else if (!(answer.forMs > 0)) {
    delete state.permit;
    state.denied = answer.reason ?? 'denied';
  }
}

/** A server that lost the room's log must hear again what has begun, before another bridge is told of it as new. */
function tellRunning({ state: { running }, outputs }: Turn): void {
  if (running === undefined) return;
  const state = running.state.is === 'driving' ? 'running' : 'paused';
  outputs.push({ is: 'progress', tip: running, state, ranMs: running.ranMs });
}

function tellQueued(turn: Turn, tipId: string): void {
  const queued = turn.state.queue.find((tip) => tip.tipId === tipId);
  if (queued !== undefined) turn.outputs.push({ is: 'progress', tip: queued, state: 'queued', ranMs: 0 });
}
