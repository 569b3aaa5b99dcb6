/** Every limit of the service, in one place. */

/** Of all files together: they are held in memory. A build has some 7 MB. */
export const PAGES_BYTES_MAX = 64 * 1024 * 1024;

/** On the way down, an answer that somebody takes slowly is waited for so long. */
export const DRAIN_MS_MAX = 25_000;
