import { expect, test } from '@jest/globals';
import { createHttpClient, type HttpRequest } from './http.ts';
import { REQUEST_TRIES_MAX } from './limits.ts';
import { PLATFORM } from './platform.ts';
import { ProblemError } from './problem-error.ts';

const AWAY = { code: 'unavailable', title: 'Away.', retry: true, status: 503 };

/** A client whose server answers these, one after the other, the last one for ever. */
function clientOf(...answers: (Response | Error)[]) {
  const sent: Request[] = [];
  const http = createHttpClient({
    ...PLATFORM,
    random: () => 0,
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Response) return answer.clone();
      throw answer;
    },
  });
  return {
    sent,
    call: (request: Partial<HttpRequest>) =>
      http({ method: 'GET', base: 'http://x', path: '/v1', ...request }),
  };
}

const problem = (fields: object, status = 503): Response => Response.json(fields, { status });

test('a POST that moves money is never repeated without a key to tell it by', async () => {
  const { sent, call } = clientOf(problem(AWAY));
  await expect(call({ method: 'POST', body: {} })).rejects.toMatchObject({
    code: 'unavailable',
    retry: true,
  });
  expect(sent).toHaveLength(1);
});

test('with a key it is, with the same key, and the proof made anew', async () => {
  let proofs = 0;
  const { sent, call } = clientOf(problem(AWAY), new Error('reset'), Response.json({ ok: 1 }));
  const prove = async () => {
    proofs += 1;
    return { 'nightjar-proof': `${proofs}` };
  };
  await expect(call({ method: 'POST', body: {}, idempotencyKey: 'k', prove })).resolves.toEqual({ ok: 1 });
  expect(sent.map(({ headers }) => [headers.get('idempotency-key'), headers.get('nightjar-proof')])).toEqual([
    ['k', '1'],
    ['k', '2'],
    ['k', '3'],
  ]);
});

test('a problem that will not pass is not repeated', async () => {
  const gone = problem({ code: 'room_not_found', title: 'No.', retry: false, status: 404 }, 404);
  const { sent, call } = clientOf(gone);
  await expect(call({})).rejects.toThrow(ProblemError);
  expect(sent).toHaveLength(1);
});

test('it gives up after a number of tries', async () => {
  const { sent, call } = clientOf(new Error('reset'));
  await expect(call({})).rejects.toMatchObject({ code: 'unreachable', retry: true });
  expect(sent).toHaveLength(REQUEST_TRIES_MAX);
});

test.each([
  ['a page of a proxy', new Response('<html>', { status: 502 }), 'unreachable'],
  ['another server', new Response('hello', { status: 200 }), 'not_understood'],
  ['another server in trouble', new Response('{"oops":1}', { status: 400 }), 'not_understood'],
])('%s is said to be what it is', async (_what, answer, code) => {
  await expect(clientOf(answer).call({ repeatable: false })).rejects.toMatchObject({ code });
});

test('no cookie and no cache, and an empty answer is one', async () => {
  const { sent, call } = clientOf(new Response(null, { status: 204 }));
  await expect(call({ method: 'DELETE', accessToken: 'a' })).resolves.toBeUndefined();
  expect(sent[0]).toMatchObject({ credentials: 'omit', cache: 'no-store', redirect: 'error' });
  expect(sent[0]?.headers.get('authorization')).toBe('Bearer a');
});
