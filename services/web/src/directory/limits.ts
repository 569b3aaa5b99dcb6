/** Limits of the directory's page. */

/** Rooms asked for at once, at first and with each 'More rooms'. */
export const PAGE_ROOMS = 30;
/** Rooms that one refresh looks at: what the server gives at most in one answer. Those further down stay as they are. */
export const REFRESH_ROOMS_MAX = 100;
/** The directory is asked again this often while somebody looks at it. */
export const REFRESH_EVERY_MS = 10_000;
/** Tags offered to choose from, the most used ones first. */
export const TAGS_OFFERED_MAX = 16;
