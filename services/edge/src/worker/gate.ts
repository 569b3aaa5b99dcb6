import { MEDIA_TOKEN_CHARS_MAX } from './limits.ts';

/** LiveKit's access token as the client gives it: the header counts before the query, as it does at LiveKit. */
export function mediaToken(headers: Headers, query: URLSearchParams): string | undefined {
  const authorization = headers.get('authorization');
  const token =
    authorization === null ? query.get('access_token') : /^Bearer (.+)$/i.exec(authorization)?.[1];
  return token && token.length <= MEDIA_TOKEN_CHARS_MAX && /^[\w.-]+$/.test(token) ? token : undefined;
}

/**
 * What LiveKit gets to see of a request that was let in: the very token that was asked about, in the header, and none in the
 * query, so that no two readers of one query can differ, and no log of LiveKit's has it.
 */
export function mediaRequest(
  url: URL,
  headers: Headers,
  token: string,
): { target: string; headers: Headers } {
  const query = new URLSearchParams(url.searchParams);
  query.delete('access_token');
  headers.set('authorization', `Bearer ${token}`);
  const rest = query.toString();
  return { target: `${url.pathname}${rest === '' ? '' : `?${rest}`}`, headers };
}

/** One answer to everybody who is not let in, whatever the reason. */
export function notAdmitted(): Response {
  return new Response('invalid token or no permission', {
    status: 401,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
