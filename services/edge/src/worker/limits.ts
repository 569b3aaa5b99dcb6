/** Every limit of the Worker, in one place. */

/** No policy that was asked for longer ago than this is used. */
export const POLICY_AGE_MS_MAX = 10_000;
/** A policy in use is asked for again at this age, so that it is renewed before it is too old. */
export const POLICY_RENEW_MS = 5_000;
/** A request waits so long for the policy of a room that the edge has none for; then the services decide alone. */
export const POLICY_WAIT_MS_MAX = 500;
/** Where there was no policy to be had, nobody waits for it again for so long. */
export const POLICY_RETRY_MS = 1_000;
/** Rooms whose policies are kept; the one that was asked for longest ago goes first. */
export const POLICIES_MAX = 5_000;

/** Slugs whose rooms are kept. A slug never gets another room. */
export const SLUGS_MAX = 5_000;
/** A slug that no room had may get one. */
export const NO_SLUG_MS = 1_000;

/** How long a service may take to answer: a little longer than services let a request take themselves. */
export const ANSWER_MS_MAX = 11_000;

/** How long web may take to begin an answer. What it answers may take as long as the browser does. */
export const PAGES_MS_MAX = 3_000;
/** So often a file that is kept for ever is asked for again where it is not there. Half the pods may be of another build. */
export const ASSET_ASKED_AGAIN_MAX = 3;

/** How long rooms may take to say whether somebody may be in the picture. */
export const GATE_MS_MAX = 3_000;
/** Of LiveKit's access token: the ones that it issues itself have some 700 characters. */
export const MEDIA_TOKEN_CHARS_MAX = 8_192;
