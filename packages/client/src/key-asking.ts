import {
  KEY_ASK_RETRY_MS,
  KEY_ASK_RETRY_MS_MAX,
  KEY_ASK_SOON_MS,
  KEY_ASK_SPREAD_MS,
  KEY_WRAP_SPREAD_MS,
  KEY_WRAP_WAIT_MS,
} from './limits.ts';

/**
 * Why a key is wanted. `came`: we came into the room, alone or nearly. `began`: a key began while all were there.
 * `rotated`: likewise, but we have a member key, so the new key should come by itself.
 */
export type KeyWant = 'came' | 'began' | 'rotated';

/**
 * How long to wait before asking, in milliseconds. One keeper answers a whole room: what makes many ask at the same
 * moment is spread.
 *
 * @param asked how often it was asked for this key already
 * @param random 0 to 1
 */
export function keyAskDelayMs(want: KeyWant, asked: number, random: number): number {
  if (asked > 0) {
    const whole = Math.min(KEY_ASK_RETRY_MS * 2 ** Math.min(asked - 1, 20), KEY_ASK_RETRY_MS_MAX);
    return whole * (0.5 + random / 2);
  }
  if (want === 'came') return random * KEY_ASK_SOON_MS;
  if (want === 'began') return random * KEY_ASK_SPREAD_MS;
  return KEY_WRAP_WAIT_MS + random * KEY_WRAP_SPREAD_MS;
}
