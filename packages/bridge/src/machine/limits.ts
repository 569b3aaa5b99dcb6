/**
 * Every limit of the bridge, in one place. Times are milliseconds. A limit that names a rule belongs to the
 * seven rules of `docs/explanation/bridge.md`; loosening one of those is a change of the safety case.
 */

/** Rule 1. The longest an output may be away from rest without a renewal, on the bridge's own clock. */
export const LEASE_MS_MAX = 300;
/** Rule 1. The longest a permit counts, from when the bridge sent its ask, whatever the answer says. */
export const PERMIT_MS_MAX = 600;
/**
 * Rule 1. There is no shorter lease. Clocks have fractions: what is left of an effect, of a permit or of the envelope
 * may be 1e-13 ms, for which a lease would end when it begins.
 */
export const LEASE_MS_MIN = 1;
/** Rule 1. How often an armed bridge asks for the next permit: three asks fit into one permit. */
export const PERMIT_RENEW_MS = 200;
/** Rule 1. Asks kept waiting for an answer; an older one could no longer give a useful permit. */
export const PERMIT_ASKS_MAX = 4;
/** Rule 1. A paused effect goes on if everything it needs is back within this time, else it ends as partly. */
export const PERMIT_GAP_RESUME_MS = 3_000;

/** Rule 3. The longest one write to a device's link may take before the link counts as lost. */
export const WRITE_TIMEOUT_MS = 200;
/** Rule 3. How often a stop is written before the link is dropped. */
export const STOP_ATTEMPTS_MAX = 2;
/** Rule 3. The longest a drive waits for the writes before it; by then the link counts as lost. */
export const UNWRITTEN_MS_MAX = WRITE_TIMEOUT_MS * (STOP_ATTEMPTS_MAX + 1);

/** Rule 4. With a larger error of the server's time, no effect begins. */
export const START_UNCERTAINTY_MS_MAX = 250;
/** Rule 4. What a crystal may drift: a sample of the server's time gets worse by this share of its age. */
export const CLOCK_DRIFT_SHARE = 0.0002;

/** Freshness. Between two steps the monotonic and the wall clock may disagree by this much. */
export const CLOCK_DISAGREEMENT_MS = 250;
/** Freshness. A step that comes later than this after it was due means that the machine slept: it latches. */
export const STALL_MS_MAX = 3_000;
/** Freshness. An armed machine is stepped at least this often, so that a sleep shows. */
export const HEARTBEAT_MS = 1_000;

/** While an effect runs, the machine is stepped this often. */
export const TICK_MS = 50;
/** The machine never wants to be stepped sooner than this, so that no mistake makes it spin. Below LEASE_MS_MIN. */
export const WAKE_MS_MIN = 0.5;
/** How often a running effect's progress is told and written to the journal. */
export const PROGRESS_MS = 1_000;

/** Outputs of one device that are driven; a device that names more is refused. */
export const OUTPUTS_MAX = 16;

/** Effects that wait; one more is refused. */
export const QUEUE_MAX = 64;
/** The longest an effect waits while the server's time is unknown, on the bridge's own clock. */
export const QUEUE_WAIT_MS_MAX = 120_000;
/** Effect ids remembered by the machine. The journal holds more. */
export const KNOWN_IDS_MAX = 4_096;

/** Waits between attempts to open a lost device link, the last one for all further attempts. */
export const RECONNECT_WAITS_MS: readonly number[] = [0, 250, 500, 1_000];
/** The longest that opening a device link may take, for drivers that do not say otherwise. */
export const CONNECT_TIMEOUT_MS = 2_000;
/** How long a driver looks for a device that is not there yet. */
export const DEVICE_SEARCH_MS = 8_000;

/** How long after a person's wish to arm the device may take to be there. */
export const ARMING_MS_MAX = 10_000;

/** Rule 1's exception. A trial by a person's hand, without a permit, moves for this long at most, once for each hand. */
export const TRIAL_MS_MAX = 1_000;
/** Rule 1's exception. The highest level of a trial, under what the envelope allows. */
export const TRIAL_LEVEL_MAX = 0.2;

/** Intiface: the engine's MaxPingTime must be within these, else the bridge refuses to arm. */
export const ENGINE_PING_MS_MIN = 1;
export const ENGINE_PING_MS_MAX = 500;
/**
 * What people are told to set. The engine acts at twice the value after the last ping, so that 500 would leave nothing of
 * a second for anything else.
 */
export const ENGINE_PING_MS_ADVISED = 400;

/** An outcome that was not acknowledged is sent again after this time. */
export const OUTCOME_RESEND_MS = 5_000;
