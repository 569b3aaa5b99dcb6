/** Times of a viewer's and a broadcaster's media, in milliseconds. */

/** Coming back to a picture: the first pause, which doubles up to the second figure. */
export const MEDIA_RETRY_MS = 500;
export const MEDIA_RETRY_MS_MAX = 8_000;
/** A track that shows nothing in this time is taken as it is: its picture may come later. */
export const FRAME_WAIT_MS_MAX = 5_000;
