/** Every number that the studio bounds. Times are milliseconds. */

/** A key that is no broadcaster's yet is asked about this often. */
export const ADMISSION_EVERY_MS = 4_000;
/** What the media's senders say is read this often. */
export const HEALTH_EVERY_MS = 1_000;
/** Health is judged over so many readings, so that one bad second is no bad news. */
export const HEALTH_READINGS = 4;
/** A line is tried out in the first seconds of a show. */
export const SETTLE_MS = 10_000;
/** A microphone that is on and gives nothing for so long is spoken of. */
export const SILENCE_TOLD_MS = 15_000;
/** A still of the picture for the directory. */
export const STILL_EVERY_MS = 15_000;
export const STILL_WIDTH = 640;
export const STILL_BYTES_MAX = 96 * 1024;
/** A game pad gives no events: its buttons are looked at this often. */
export const PAD_EVERY_MS = 40;
/** Publishing that broke is begun again after the first pause, which doubles up to the second. */
export const PUBLISH_RETRY_MS = 500;
export const PUBLISH_RETRY_MS_MAX = 8_000;

export const CAMERA_WIDTH = 1_280;
export const CAMERA_HEIGHT = 720;
export const CAMERA_FRAMES = 30;
/** Of the picture's large layer. */
export const VIDEO_BITS_PER_SECOND = 2_500_000;
/** Of its small one, for viewers whose line is thin. */
export const VIDEO_LOW_BITS_PER_SECOND = 350_000;

/** What rooms takes; it says so itself, but a field says it sooner. */
export const TITLE_CHARACTERS_MAX = 80;
export const TAGS_MAX = 8;
export const TAG_CHARACTERS_MAX = 24;
export const MENU_ITEMS_MAX = 50;
export const ITEM_NAME_CHARACTERS_MAX = 60;
export const PRICE_MAX = 1_000_000n;
export const GOAL_TITLE_CHARACTERS_MAX = 80;
export const GOAL_AMOUNT_MAX = 100_000_000n;
export const LINE_CHARACTERS_MAX = 500;
export const SILENCE_MINUTES = 10;

/** The connection's check gives up after so long. */
export const CHECK_MS_MAX = 8_000;
/** Round trips that are timed. */
export const CHECK_ROUNDS = 5;
