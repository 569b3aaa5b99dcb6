/** Every figure of the cluster's evening, in one place. */

export const RELEASE = 'nightjar';
export const NAMESPACE = 'nightjar';
export const NODE_PORT = 30_780;
/**
 * Of the chart before the present one, whose images have this tag. Its package here was made of the chart at this version's
 * release: `helm package helm/nightjar --version 0.1.0 --app-version 0.1.0`, and the images are those of this checkout.
 */
export const VERSION_BEFORE = '0.1.0';

export const SEED = 20_260_901;
export const VIEWERS = 20;
export const TIPS_PER_SECOND = 5;
export const LINES_PER_SECOND = 1;
/** More than any of them can spend. */
export const TOKENS = 5_000n;

/** How long it is left alone between two things that happen to it. */
export const CALM_MS = 5_000;
export const KILL_EVERY_MS = 10_000;
export const KILLS_MS = 180_000;
export const KILLS_SHORT_MS = 30_000;

/** From `helm install` to the first tip's outcome. */
export const FIRST_TIP_MS_MAX = 600_000;
/** kubectl gives up waiting for pods after this. */
export const ROLLOUT_WITHIN = '300s';
/** What drains is gone after 45 s at the latest. */
export const GONE_MS_MAX = 60_000;
export const RELEASE_WITHIN = '600s';
/** The longest hold: 60 s to start, its effect, and 60 s more. */
export const SETTLE_MS_MAX = 180_000;

/** PostgreSQL's and NATS', and once more after the first ones were deleted with all that is in them. */
export const VOLUMES = 4;
