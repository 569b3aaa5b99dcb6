/** Every limit of the bridge in the page. Times are milliseconds. */

/** How often the Worker asks the page whether it is there. */
export const BEAT_MS = 500;
/** A page that does not answer for so long hangs: its stop button would do nothing, so the Worker stops. */
export const PAGE_SILENT_MS_MAX = 2_000;
/** A Worker that says nothing for so long is ended, which closes its sockets: whatever it moved rests. */
export const BRIDGE_SILENT_MS_MAX = 2_000;
/** How long a Worker may take until it runs: its keys and its journal come from the disk. */
export const BRIDGE_START_MS_MAX = 10_000;
/** How long a Worker may take to write its last stops and outcomes before it is ended. */
export const BRIDGE_LEAVE_MS_MAX = 2_000;
/** How long an envelope may take until it holds and is kept. */
export const ENVELOPE_MS_MAX = 5_000;
/** Lines of the bridge's log that are kept. */
export const LOG_LINES_MAX = 100;
