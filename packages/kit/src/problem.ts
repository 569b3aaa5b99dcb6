/** What kind of trouble it is. One table maps it to HTTP; NATS headers and WebSocket errors carry code and kind as they are. */
export type ProblemKind = keyof typeof HTTP_STATUS;

export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  refused: 422,
  too_many: 429,
  internal: 500,
  unavailable: 503,
  deadline: 504,
} as const;

const RETRYABLE: ReadonlySet<ProblemKind> = new Set(['too_many', 'unavailable', 'deadline', 'internal']);

/**
 * The one error class for what a caller may know of. `code` is stable and documented, `text` is public and names the way
 * out; `cause` stays inside. Anything else that is thrown is a bug and reaches callers as `internal` and nothing more.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly code: string;

  constructor(kind: ProblemKind, code: string, text: string, cause?: unknown) {
    super(text, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.code = code;
  }

  /** Whether the same request may succeed later. */
  get retry(): boolean {
    return RETRYABLE.has(this.kind);
  }
}

/** One service's errors, so that each code stands once in the source: `const errors = defineProblems({ … })`. */
export type ProblemTable = Readonly<Record<string, readonly [ProblemKind, string]>>;

export function problemFrom<T extends ProblemTable>(
  table: T,
  code: keyof T & string,
  cause?: unknown,
): Problem {
  const entry = table[code];
  if (!entry) throw new RangeError(`no problem ${code}`);
  return new Problem(entry[0], code, entry[1], cause);
}

/** Problems that any service may answer. */
export const COMMON_PROBLEMS = {
  internal: ['internal', 'Something broke on our side. Try again; if it stays, tell the operator.'],
  unavailable: ['unavailable', 'A part of the platform is away. Try again in a moment.'],
  deadline: ['deadline', 'It took too long. Try again; what you asked for happens at most once.'],
  overloaded: ['too_many', 'Too busy just now. Try again in a moment.'],
  body_too_large: ['too_large', 'The request is larger than the limit.'],
  malformed_request: ['invalid', 'The request is not of the documented form.'],
  not_found: ['not_found', 'There is nothing here.'],
  access_token_missing: ['unauthenticated', 'Sign in first.'],
  access_token_invalid: ['unauthenticated', 'The access token is not valid here. Sign in again.'],
  facts_invalid: ['unauthenticated', "The edge's word on this connection does not hold. Try again."],
  too_many_requests: ['too_many', 'Too many requests. Wait a little.'],
} as const satisfies ProblemTable;

export function commonProblem(code: keyof typeof COMMON_PROBLEMS, cause?: unknown): Problem {
  return problemFrom(COMMON_PROBLEMS, code, cause);
}

/** What to show of anything that was thrown. */
export function toProblem(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : commonProblem('internal', thrown);
}
