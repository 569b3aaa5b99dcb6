import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Type } from 'typebox';
import { createHttp, type Http } from '../src/http.ts';
import type { Log, LogFields } from '../src/log.ts';
import { commonProblem } from '../src/problem.ts';
import { currentTraceparent, startTelemetry } from '../src/telemetry.ts';

const lines: [string, LogFields][] = [];
const keep = (event: string, fields: LogFields = {}) => void lines.push([event, fields]);
const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
const stack = new AsyncDisposableStack();
let app: Http;

beforeAll(async () => {
  stack.use(startTelemetry('test', ''));
  app = await createHttp({ service: 'test', log, trustedHops: ['127.0.0.1'] });
  stack.defer(() => app.close());
  const body = Type.Object({ count: Type.Integer() }, { additionalProperties: false });
  app.post('/things/:id', { schema: { body } }, async (request) => ({ count: request.body.count }));
  app.get('/address', async (request) => ({ address: request.clientAddress }));
  app.get('/trace', async () => ({ trace: currentTraceparent() }));
  app.get('/bug', async () => {
    throw new Error('select * from secrets');
  });
  app.get('/away', async () => {
    throw commonProblem('unavailable', new Error('inside'));
  });
});
afterAll(() => stack.disposeAsync());

const post = (payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/things/1', headers: { 'content-type': type }, payload });

test.each([
  ['no JSON', '{', 400, 'malformed_request'],
  ['a missing member', '{}', 400, 'malformed_request'],
  ['a member of another type', '{"count":"1"}', 400, 'malformed_request'],
  ['an unknown member', '{"count":1,"x":1}', 400, 'malformed_request'],
  ['a poisoned prototype', '{"count":1,"__proto__":{"x":1}}', 400, 'malformed_request'],
  ['too much', `{"count":1,"x":"${'x'.repeat(70_000)}"}`, 413, 'body_too_large'],
])('%s is answered by a problem', async (_, payload, status, code) => {
  const answer = await post(payload);
  expect(answer.statusCode).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toEqual({
    type: `urn:nightjar:problem:${code}`,
    title: expect.any(String),
    status,
    code,
    retry: false,
  });
});

test('what is of the form gets through; another content type does not', async () => {
  expect((await post('{"count":1}')).json()).toEqual({ count: 1 });
  expect((await post('count=1', 'application/x-www-form-urlencoded')).statusCode).toBeGreaterThanOrEqual(400);
});

test('what is not there and what broke tell nothing more', async () => {
  const get = async (url: string) => (await app.inject(url)).json();
  expect(await get('/none')).toMatchObject({ status: 404, code: 'not_found' });
  expect(await get('/bug')).toMatchObject({ status: 500, code: 'internal', retry: true });
  expect(JSON.stringify(await get('/bug'))).not.toContain('secrets');
  expect(await get('/away')).toMatchObject({ status: 503, code: 'unavailable', retry: true });
});

test("the client's address is the trusted hop's word, and in no log line, like the query and the id", async () => {
  lines.length = 0;
  const headers = { 'x-forwarded-for': '192.0.2.7' };
  const answer = await app.inject({ url: '/address?secret=hunter2', headers });
  expect(answer.json()).toEqual({ address: '192.0.2.7' });
  await app.inject({ method: 'POST', url: '/things/pn_1', headers, payload: { count: 1 } });
  expect(JSON.stringify(lines)).not.toMatch(/192\.0\.2|hunter2|pn_1/);
  expect(lines.map(([event, { route }]) => [event, route])).toEqual([
    ['request', '/address'],
    ['request', '/things/:id'],
  ]);
});

test("the caller's trace goes on", async () => {
  const traceId = 'af7651916cd43dd8448eb211c80319c7';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  const { trace } = (await app.inject({ url: '/trace', headers })).json();
  expect(trace.split('-')[1]).toBe(traceId);
  for (const wrong of ['nonsense', '00-0-0-01', 'x'.repeat(10_000)]) {
    const answer = await app.inject({ url: '/trace', headers: { traceparent: wrong } });
    expect(answer.json().trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  }
});
