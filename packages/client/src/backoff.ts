import {
  BRIDGE_RECONNECT_FIRST_MS_MAX,
  BRIDGE_RECONNECT_PAUSE_MS,
  BRIDGE_RECONNECT_PAUSE_MS_MAX,
  RECONNECT_FIRST_MS_MAX,
  RECONNECT_PAUSE_MS,
  RECONNECT_PAUSE_MS_MAX,
} from './limits.ts';

export interface Backoff {
  /** The first pause is random, from 0 to this. */
  readonly firstMsMax: number;
  /** The second; further ones double. */
  readonly pauseMs: number;
  readonly pauseMsMax: number;
}

export const VIEWER_BACKOFF: Backoff = {
  firstMsMax: RECONNECT_FIRST_MS_MAX,
  pauseMs: RECONNECT_PAUSE_MS,
  pauseMsMax: RECONNECT_PAUSE_MS_MAX,
};

export const BRIDGE_BACKOFF: Backoff = {
  firstMsMax: BRIDGE_RECONNECT_FIRST_MS_MAX,
  pauseMs: BRIDGE_RECONNECT_PAUSE_MS,
  pauseMsMax: BRIDGE_RECONNECT_PAUSE_MS_MAX,
};

/**
 * How long to wait after so many failures in a row (1, 2 …). Jittered by half, so that clients that fell together
 * do not come back together.
 *
 * @param random 0 to 1
 */
export function backoffMs(
  failures: number,
  random: number,
  { firstMsMax, pauseMs, pauseMsMax }: Backoff,
): number {
  if (failures <= 1) return Math.round(random * firstMsMax);
  // The exponent is held, or after a night offline it would overflow.
  const whole = Math.min(pauseMsMax, pauseMs * 2 ** Math.min(failures - 2, 20));
  return Math.round(whole * (0.5 + random / 2));
}
