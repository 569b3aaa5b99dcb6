/** The few answers that the edge gives itself, in the form of all others (RFC 9457). */
const PROBLEMS = {
  not_found: [404, 'There is nothing here.', false],
  method_not_allowed: [405, 'That cannot be done here.', false],
  unavailable: [503, 'A part of the platform is away. Try again in a moment.', true],
} as const;

export function problem(code: keyof typeof PROBLEMS): Response {
  const [status, title, retry] = PROBLEMS[code];
  return new Response(JSON.stringify({ type: `urn:nightjar:problem:${code}`, title, status, code, retry }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}
