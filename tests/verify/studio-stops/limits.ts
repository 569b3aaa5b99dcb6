/** What is asked of the studio, and how. Times in milliseconds. */

/** The first promise: a stop that can be sent reaches the device within this time of whatever happened. */
export const STOP_MS_MAX = 1_000;

/** What people are told to set: the engine acts after twice as long, which bounds the stop of a process that stands still. */
export const ENGINE_PING_MS = 400;

/** How often each thing happens; the slowest stop counts. */
export const ROUNDS = 5;
export const ROUNDS_SHORT = 1;

/** How far into an effect it happens: somewhere between, so that no timer is met at the same place each time. */
export const INTO_EFFECT_MS = { min: 700, max: 1_200 } as const;

/** What has not stopped by then does not stop. */
export const STOP_WITHIN_MS = 8_000;

/** Longer than any gap of permits or stall that a bridge survives armed. */
export const AWAY_MS = 4_500;
/** How long a page that came back is watched. */
export const QUIET_MS = 2_000;

export const HIDDEN_MS = 600_000;
export const HIDDEN_SHORT_MS = 20_000;
/** From one tip to the next while nobody looks. */
export const TIP_EVERY_MS = 15_000;
export const TIP_EVERY_SHORT_MS = 5_000;

/** By how much an effect may be longer or shorter at the device than its item says. */
export const EFFECT_SLACK_MS = 500;

export const TOKENS = 50_000n;
