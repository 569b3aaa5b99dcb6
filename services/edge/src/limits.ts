/** Every limit of the process around workerd, in one place. Those of the Worker are in `worker/limits.ts`. */

/** workerd starts in a fifth of a second; a machine that is busy takes longer. */
export const START_MS_MAX = 10_000;
export const START_LOOK_EVERY_MS = 20;

/** How long events may take to hear that the edge goes. */
export const GOING_MS_MAX = 2_000;
/** Sockets are told to go over 3 s. Those that came meanwhile, over a connection that was open already, are told after this. */
export const GOING_EVERY_MS = 4_000;
/** So often; whatever is open then is cut. */
export const GOING_TURNS_MAX = 3;
export const DRAIN_LOOK_EVERY_MS = 100;
/** After this an orderly end is no longer waited for. */
export const END_MS_MAX = 2_000;
