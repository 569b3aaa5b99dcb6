/** Every limit of the demo, in one place. Times are milliseconds. */

export const FRAMES_PER_SECOND_DEFAULT = 25;
export const FRAMES_PER_SECOND_MAX = 30;
/** A level that changes is shown at once, but not more often than this. */
export const FRAME_GAP_MS_MIN = 12;
export const VIDEO_BITS_PER_SECOND = 1_000_000;

/** Waits after a picture that broke; they double up to the second figure. */
export const PUBLISH_RETRY_MS = 500;
export const PUBLISH_RETRY_MS_MAX = 10_000;
/** From asking LiveKit to being in its room. */
export const CONNECT_MS_MAX = 15_000;
/** How long the platform is waited for at the start. */
export const START_MS_MAX = 60_000;
/** And where it was told to wait: as long as an installation may take. */
export const WAIT_MS_MAX = 900_000;
/** How long the end of the show may take when the demo leaves. */
export const LEAVE_MS_MAX = 5_000;
/** The demo's own device is armed again by itself after so long. Never a real one. */
export const ARM_AGAIN_MS = 1_000;

/** How often the directory gets a still, and how soon it is looked for the first. */
export const STILL_EVERY_MS = 15_000;
export const STILL_SOON_MS = 1_000;
