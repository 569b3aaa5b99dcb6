/** What an armed machine does by the clock: permits, the device's link, and when to be stepped next. */
import { Lease } from './lease.ts';
import {
  HEARTBEAT_MS,
  PERMIT_ASKS_MAX,
  PERMIT_GAP_RESUME_MS,
  PERMIT_MS_MAX,
  PERMIT_RENEW_MS,
  RECONNECT_WAITS_MS,
  TICK_MS,
  WAKE_MS_MIN,
} from './limits.ts';
import type { Turn } from './turn.ts';

/** Asks for the next permit when it is time. Latched, the bridge asks for none. */
export function askForPermit(turn: Turn): void {
  const { state, now } = turn;
  if (state.arm.phase === 'latched' || !state.serverUp) return;
  // An ask older than the longest permit cannot give one any more.
  const asks = state.asks.filter(({ sentMono }) => now.mono - sentMono < PERMIT_MS_MAX);
  state.asks = asks;
  if (asks.length >= PERMIT_ASKS_MAX || now.mono < nextAskMono(turn)) return;
  const n = state.askedN + 1;
  state.askedN = n;
  state.askedMono = now.mono;
  state.asks = [...asks, { n, sentMono: now.mono }];
  turn.outputs.push({ is: 'ask_permit', n });
}

function nextAskMono({ state, now }: Turn): number {
  return state.askedMono === undefined ? now.mono : state.askedMono + PERMIT_RENEW_MS;
}

/** How long to wait after the given number of failed attempts at the device's link, in ms. */
export function whenToRetry(attempts: number): number {
  return RECONNECT_WAITS_MS[attempts] ?? RECONNECT_WAITS_MS.at(-1) ?? 0;
}

/**
 * Opens the device's link: for a person who arms at once, later on only under a permit, since without one the
 * link could not be kept alive.
 */
export function openDevice(turn: Turn): void {
  const { state, now } = turn;
  if (state.device.phase !== 'down' || now.mono < state.device.retryMono || !wantsDevice(turn)) return;
  state.device = { phase: 'opening', attempts: state.device.attempts };
  turn.outputs.push({ is: 'open_device' });
}

function wantsDevice({ state, now }: Turn): boolean {
  if (state.arm.phase === 'arming' || state.trial !== undefined) return true;
  return state.arm.phase === 'armed' && state.permit?.isLive(now.mono) === true;
}

/** Keeps the link of a resting device alive, under a permit only: without one the device's own time-out is to act. */
export function keepAlive(turn: Turn): void {
  const { state, now } = turn;
  const atMono = keepAliveMono(turn);
  if (atMono === undefined || now.mono < atMono) return;
  const lease = Lease.grant(state.permit, now.mono);
  if (lease === undefined) return;
  state.keptAliveMono = now.mono;
  turn.outputs.push({ is: 'keep_alive', lease });
}

/** When the resting device's link is due, if it is. While an effect drives, every drive keeps it alive. */
function keepAliveMono({ state, now }: Turn): number | undefined {
  if (state.arm.phase !== 'armed' || state.device.phase !== 'ready') return undefined;
  if (state.running?.state.is === 'driving' || state.permit?.isLive(now.mono) !== true) return undefined;
  const { keepAliveMs } = state.device;
  return keepAliveMs === undefined ? undefined : state.keptAliveMono + keepAliveMs;
}

/** When the machine must be stepped next, whatever happens: undefined when it rests and has nothing to keep up. */
export function whenToWake(turn: Turn): number | undefined {
  const { state, now } = turn;
  if (state.arm.phase === 'latched') return whenToWakeTrial(turn);
  const at = [now.mono + HEARTBEAT_MS];
  if (state.serverUp) at.push(nextAskMono(turn));
  const { running, device } = state;
  if (running?.state.is === 'driving') {
    const keepAliveMs = device.phase === 'ready' ? (device.keepAliveMs ?? TICK_MS) : TICK_MS;
    at.push(now.mono + Math.min(TICK_MS, keepAliveMs), running.state.leaseUntilMono);
  } else if (running?.state.is === 'paused') {
    at.push(running.state.sinceMono + PERMIT_GAP_RESUME_MS + 1);
  }
  if (running === undefined && state.queue.length > 0) at.push(now.mono + TICK_MS);
  if (device.phase === 'down' && wantsDevice(turn)) at.push(device.retryMono);
  const keepMono = keepAliveMono(turn);
  if (keepMono !== undefined) at.push(keepMono);
  return Math.max(now.mono + WAKE_MS_MIN, Math.min(...at));
}

/** Latched, the machine sleeps, but for a trial. */
function whenToWakeTrial({ state: { trial, device }, now }: Turn): number | undefined {
  if (trial === undefined) return undefined;
  const at = [now.mono + TICK_MS, trial.leaseUntilMono ?? Infinity];
  if (device.phase === 'down') at.push(device.retryMono);
  return Math.max(now.mono + WAKE_MS_MIN, Math.min(...at));
}
