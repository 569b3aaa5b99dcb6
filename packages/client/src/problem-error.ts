/** What a client itself may find wrong; every other code comes from a server (docs/reference/errors.md). */
export const LOCAL_PROBLEMS = {
  unreachable: { retry: true, title: 'The server cannot be reached. Check the connection or the address.' },
  timed_out: { retry: true, title: 'The server did not answer in time. Try again.' },
  not_understood: { retry: false, title: 'The answer was not from a Nightjar server. Check the address.' },
  closed: { retry: false, title: 'The connection to the room is closed. Join again.' },
  queue_full: { retry: true, title: 'Too much is waiting to be sent. Try again in a moment.' },
  no_answer: {
    retry: true,
    title: 'No answer came in time, so it is not known whether it was done. The same id again is safe.',
  },
  no_wallet: { retry: false, title: 'Tipping needs a wallet. Make one first.' },
  line_unfit: { retry: false, title: 'A line has 1 to 500 characters that can be seen. Say it shorter.' },
  no_keeper: {
    retry: true,
    title: 'Nobody keeps this chat’s keys at the moment. Chat opens when the broadcaster is there.',
  },
  no_chat_key: { retry: true, title: 'This chat’s key has not come yet. Try again in a moment.' },
  keeper_changed: {
    retry: false,
    title: 'This chat’s keys are kept by somebody else than before. Look at that first, then say it again.',
  },
  key_code_incomplete: {
    retry: false,
    title: 'The code is not complete: it has 14 groups of 4 characters. Type all of them.',
  },
  key_code_mistyped: {
    retry: false,
    title: 'The code has a typing error. Compare it with your print, character by character.',
  },
  key_code_unknown: { retry: false, title: 'This code is of another kind. Use the one printed here.' },
  not_in_menu: { retry: false, title: 'There is no such item in the menu of this room.' },
} as const satisfies Record<string, { retry: boolean; title: string }>;

export type LocalCode = keyof typeof LOCAL_PROBLEMS;

export interface ProblemFields {
  readonly code: string;
  /** What happened and what to do, for people. */
  readonly title: string;
  /** Whether the same request may succeed later. */
  readonly retry: boolean;
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** The server's time of day when it answered, where it said so, in ms since 1970, to the second. */
  readonly serverMs?: number;
  /** When to come back, where the server said so, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** With `silenced`: when lines may be written again, RFC 3339. */
  readonly until?: string;
}

/**
 * The one error of this package: an RFC 9457 problem of a server, an error frame, or one of `LOCAL_PROBLEMS`. Match on
 * `code`; show `title`. A RangeError or TypeError is a fault of the calling program instead.
 */
export class ProblemError extends Error implements ProblemFields {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly title: string;
  readonly retry: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly serverMs?: number;
  readonly until?: string;

  constructor(fields: ProblemFields, options?: ErrorOptions) {
    super(fields.title, options);
    this.code = fields.code;
    this.title = fields.title;
    this.retry = fields.retry;
    if (fields.status !== undefined) this.status = fields.status;
    if (fields.retryAfterMs !== undefined) this.retryAfterMs = fields.retryAfterMs;
    if (fields.serverMs !== undefined) this.serverMs = fields.serverMs;
    if (fields.until !== undefined) this.until = fields.until;
  }
}

export function localProblem(code: LocalCode, cause?: unknown): ProblemError {
  return new ProblemError({ code, ...LOCAL_PROBLEMS[code] }, cause === undefined ? undefined : { cause });
}

/** Reads an RFC 9457 problem; undefined when it is something else. */
export function readProblem(
  value: unknown,
  http: Pick<ProblemFields, 'status' | 'retryAfterMs' | 'serverMs'>,
): ProblemError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, title, retry } = value as Record<string, unknown>;
  if (typeof code !== 'string' || typeof title !== 'string' || typeof retry !== 'boolean') return undefined;
  return new ProblemError({ code, title, retry, ...http });
}
