import {
  ANSWER_CHARS_MAX,
  REQUEST_MS_MAX,
  REQUEST_PAUSE_MS,
  REQUEST_TRIES_MAX,
  RETRY_AFTER_MS_MAX,
} from './limits.ts';
import { PLATFORM, type Platform, pause } from './platform.ts';
import { localProblem, type ProblemError, readProblem } from './problem-error.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A service's base URL. */
  readonly base: string;
  /** Path and query from the base, escaped. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly file?: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };
  readonly accessToken?: string;
  /** With this a POST moves money at most once, and so may be tried again. */
  readonly idempotencyKey?: string;
  /** Headers over method, target (path and query) and body, made anew for each try. */
  readonly prove?: (method: string, target: string, body: Uint8Array) => Promise<Record<string, string>>;
  /** Whether the same request twice does no more than once. Yes for all but a POST without an idempotency key. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal;
}

/** A REST call that answers JSON, or undefined for an empty answer. Throws ProblemError. */
export type HttpClient = (request: HttpRequest) => Promise<unknown>;

/**
 * Calls over `fetch` with a time limit. What may be repeated is tried up to REQUEST_TRIES_MAX times when the server
 * says that it may succeed later, or cannot be reached; nothing else ever is.
 */
export function createHttpClient(platform: Platform = PLATFORM): HttpClient {
  return async (request) => {
    const repeatable =
      request.repeatable ?? (request.method !== 'POST' || request.idempotencyKey !== undefined);
    for (let tried = 1; ; tried += 1) {
      try {
        return await once(platform, request);
      } catch (error) {
        const waitMs =
          repeatable && tried < REQUEST_TRIES_MAX ? retryAfter(error, tried, platform) : undefined;
        if (waitMs === undefined) throw error;
        await pause(waitMs, request.signal);
      }
    }
  };
}

function retryAfter(error: unknown, tried: number, platform: Platform): number | undefined {
  const problem = error as Partial<ProblemError>;
  if (problem.name !== 'ProblemError' || problem.retry !== true) return undefined;
  const asked = problem.retryAfterMs ?? 0;
  if (asked > RETRY_AFTER_MS_MAX) return undefined;
  return asked + REQUEST_PAUSE_MS * 2 ** (tried - 1) * (0.5 + platform.random() / 2);
}

async function once(platform: Platform, request: HttpRequest): Promise<unknown> {
  const url = new URL(`${request.base}${request.path}`);
  const json =
    request.body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(request.body));
  const body = request.file?.bytes ?? json;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body) headers['content-type'] = request.file?.type ?? 'application/json';
  if (request.accessToken !== undefined) headers.authorization = `Bearer ${request.accessToken}`;
  if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
  const target = `${url.pathname}${url.search}`;
  Object.assign(headers, await request.prove?.(request.method, target, body ?? new Uint8Array()));
  const limit = AbortSignal.timeout(REQUEST_MS_MAX);
  const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
  let response: Response;
  let text: string;
  try {
    const init: RequestInit = {
      method: request.method,
      headers,
      signal,
      // No cookie ever goes or stays: who asks is said by the request alone.
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      ...(body ? { body } : {}),
    };
    response = await platform.fetch(url, init);
    text = await response.text();
  } catch (cause) {
    if (request.signal?.aborted) throw request.signal.reason;
    throw localProblem(limit.aborted ? 'timed_out' : 'unreachable', cause);
  }
  return readAnswer(response, text);
}

function readAnswer(response: Response, text: string): unknown {
  if (response.ok && text === '') return undefined;
  const value = text.length <= ANSWER_CHARS_MAX ? parse(text) : undefined;
  if (response.ok) {
    if (value === undefined) throw localProblem('not_understood');
    return value;
  }
  const { headers, status } = response;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const serverMs = Date.parse(headers.get('date') ?? '');
  const problem = readProblem(value, {
    status,
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}),
    ...(Number.isFinite(serverMs) ? { serverMs } : {}),
  });
  if (problem) throw problem;
  // A proxy in front of a server that is away answers in words of its own.
  throw localProblem(response.status >= 502 && response.status <= 504 ? 'unreachable' : 'not_understood');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
