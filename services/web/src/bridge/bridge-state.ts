/** What the page knows of its bridge, as a pure function of what the Worker said. */
import { DEFAULT_ENVELOPE, type Envelope } from '@nightjar/bridge/machine/envelope';
import type { LatchWhy } from '@nightjar/bridge/machine/types';
import { type StopFact, stopsWhen } from '@nightjar/bridge/stops-when';
import type { BridgeView } from '@nightjar/bridge/view';
import type { CloseReason } from '@nightjar/client/close-reason';
import type { Phase } from '@nightjar/client/session-types';
import { LOG_LINES_MAX } from './limits.ts';
import type { LocalAccess } from './local-network.ts';
import type { DeviceChoice, FromWorker } from './messages.ts';
import { type BridgeProblem, deviceProblem } from './problems.ts';

/**
 * `off`: not started. `ended`: it left, or could not start. `dead`: it did not answer and was ended; what that means for
 * the device is in `stopsWhen`.
 */
export type BridgePhase = 'off' | 'starting' | 'running' | 'leaving' | 'ended' | 'dead';

export interface BridgeState {
  readonly phase: BridgePhase;
  readonly device: DeviceChoice | undefined;
  /** The machine's; the last one stays when the bridge has ended, with `arm` latched. */
  readonly view: BridgeView | undefined;
  /** What was written last, 0 to 1. */
  readonly level: number;
  /** The link went while the device moved: what it does now is its own. */
  readonly lost: boolean;
  readonly envelope: Envelope;
  /** `default`: she has set none, or what she set could not be verified. */
  readonly envelopeFrom: 'broadcaster' | 'default';
  readonly server: { readonly phase: Phase; readonly reason?: CloseReason } | undefined;
  /** What went wrong last, until the next start or arming. */
  readonly problem: BridgeProblem | undefined;
  /** `prompt`: the browser will ask whether this page may reach the engine; LOCAL_ACCESS_WORDS come before. */
  readonly localAccess: LocalAccess;
  /** For the device's card. */
  readonly stopsWhen: readonly StopFact[];
  /** Newest last. */
  readonly log: readonly LogLine[];
}

/** What is worth a line of the bridge's log. `atMs` is the time of day. */
export type LogLine = { readonly atMs: number } & (
  | { readonly is: 'stop_sent'; readonly answered: boolean }
  | { readonly is: 'armed' }
  | { readonly is: 'latched'; readonly why: LatchWhy | 'bridge_ended' }
  | { readonly is: 'device_open'; readonly name: string }
  | { readonly is: 'device_lost' }
  | { readonly is: 'began'; readonly tipId: string }
  | { readonly is: 'problem'; readonly problem: BridgeProblem }
);

type Line = LogLine extends infer L ? (L extends LogLine ? Omit<L, 'atMs'> : never) : never;

export const OFF: BridgeState = {
  phase: 'off',
  device: undefined,
  view: undefined,
  level: 0,
  lost: false,
  envelope: DEFAULT_ENVELOPE,
  envelopeFrom: 'default',
  server: undefined,
  problem: undefined,
  localAccess: 'granted',
  stopsWhen: [],
  log: [],
};

export function starting(state: BridgeState, device: DeviceChoice): BridgeState {
  return { ...OFF, phase: 'starting', device, log: state.log, stopsWhen: stopsWhen(device) };
}

/** Ended by itself, by the page, or because it did not answer. Nothing of it is armed any more. */
export function ended(
  state: BridgeState,
  phase: 'ended' | 'dead',
  nowMs: number,
  problem?: BridgeProblem,
): BridgeState {
  const { view } = state;
  const lost = state.lost || state.level > 0;
  const next: BridgeState = { ...state, phase, level: 0, lost, server: undefined };
  if (view !== undefined && view.arm.phase !== 'latched') {
    const { running: _, ...rest } = view;
    const arm = { phase: 'latched', why: 'fault' } as const;
    const latched = { ...rest, arm, device: 'down', server: 'down', permit: false, queued: 0 } as const;
    return withProblem(
      withLine({ ...next, view: latched }, { is: 'latched', why: 'bridge_ended' }, nowMs),
      problem,
      nowMs,
    );
  }
  return withProblem(next, problem, nowMs);
}

/** @param nowMs the time of day */
export function told(state: BridgeState, message: FromWorker, nowMs: number): BridgeState {
  switch (message.is) {
    case 'beat':
      return state;
    case 'running':
      return { ...state, phase: 'running' };
    case 'view':
      return viewed(state, message.view, nowMs);
    case 'level':
      return { ...state, level: message.level, lost: message.lost === true };
    case 'envelope':
      return { ...state, envelope: message.envelope, envelopeFrom: message.from };
    case 'server': {
      const { phase, reason } = message;
      return { ...state, server: { phase, ...(reason === undefined ? {} : { reason }) } };
    }
    case 'problem':
      return withProblem(state, message.problem, nowMs);
    case 'ended':
      return ended(state, 'ended', nowMs, message.problem);
  }
}

function viewed(before: BridgeState, view: BridgeView, nowMs: number): BridgeState {
  const was = before.view;
  let state: BridgeState = { ...before, view };
  const { stop, arm, running, deviceName, deviceProblem: code } = view;
  if (stop !== undefined && stop.sentWall !== was?.stop?.sentWall) {
    state = withLine(state, { is: 'stop_sent', answered: stop.answered }, stop.sentWall);
  } else if (stop?.answered === true && was?.stop?.answered === false) {
    state = { ...state, log: answered(state.log, stop.sentWall) };
  }
  if (arm.phase === 'armed' && was?.arm.phase !== 'armed')
    state = withLine({ ...state, problem: undefined }, { is: 'armed' }, nowMs);
  if (arm.phase === 'latched' && was !== undefined && was.arm.phase !== 'latched')
    state = withLine(state, { is: 'latched', why: arm.why }, nowMs);
  if (deviceName !== undefined && deviceName !== was?.deviceName) {
    state = withLine(state, { is: 'device_open', name: deviceName }, nowMs);
    if (state.device !== undefined)
      state = { ...state, stopsWhen: stopsWhen({ ...state.device, deviceName }) };
  }
  if (was?.deviceName !== undefined && deviceName === undefined)
    state = withLine(state, { is: 'device_lost' }, nowMs);
  if (running !== undefined && running.tipId !== was?.running?.tipId)
    state = withLine(state, { is: 'began', tipId: running.tipId }, nowMs);
  const unsafe =
    arm.phase === 'latched' &&
    arm.why === 'device_refused' &&
    view.outputs?.length === 0 &&
    was?.outputs === undefined;
  if (code !== undefined && code !== was?.deviceProblem)
    return withProblem(state, deviceProblem(code), nowMs);
  return unsafe ? withProblem(state, deviceProblem('no_safe_output'), nowMs) : state;
}

function answered(log: readonly LogLine[], atMs: number): LogLine[] {
  return log.map((line) =>
    line.is === 'stop_sent' && line.atMs === atMs ? { ...line, answered: true } : line,
  );
}

export function withProblem(
  state: BridgeState,
  problem: BridgeProblem | undefined,
  nowMs: number,
): BridgeState {
  return problem === undefined ? state : withLine({ ...state, problem }, { is: 'problem', problem }, nowMs);
}

function withLine(state: BridgeState, line: Line, atMs: number): BridgeState {
  return { ...state, log: [...state.log, { ...line, atMs } as LogLine].slice(-LOG_LINES_MAX) };
}
