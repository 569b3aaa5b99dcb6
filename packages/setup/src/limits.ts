/** How long a server may be away at an installation's start: a volume to be bound and an image to be pulled take minutes. */
export const SERVER_WAIT_MS_MAX = 300_000;
/** Between two tries at a server that is away. */
export const SERVER_RETRY_MS = 1_000;
/** How often a program that waits says what for. */
export const SAY_WAITING_EVERY_MS = 10_000;

/** One try of a connection to NATS. */
export const NATS_CONNECT_MS_MAX = 3_000;

/** How long the Kubernetes API may be away, or busy. */
export const KUBERNETES_AWAY_MS_MAX = 120_000;
export const KUBERNETES_RETRY_MS = 1_000;
export const KUBERNETES_CALL_MS_MAX = 10_000;
/** Bytes of one of its answers; a Secret has at most 1 MiB, in base64. */
export const KUBERNETES_ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** Lost races for one Secret after which something else is wrong. */
export const CONFLICTS_MAX = 20;

/** Sums that one Secret says it was made for; as more come, the former ones are forgotten. */
export const FORMER_MARKS_MAX = 16;
/** Random bytes of a password. */
export const PASSWORD_BYTES = 32;
/** LiveKit takes no shorter secret. */
export const LIVEKIT_SECRET_CHARS_MIN = 32;
/** Bytes of one value that an operator gives. */
export const GIVEN_BYTES_MAX = 64 * 1024;
