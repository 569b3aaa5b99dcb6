import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { authPlatform } from './auth-under-test.ts';
import { ask, newDevice } from './device.ts';

const stack = new AsyncDisposableStack();
let base = '';
let platform: Awaited<ReturnType<typeof authPlatform>>;
beforeAll(async () => {
  platform = stack.use(await authPlatform());
  base = stack.use(await platform.startAuth()).urls.http;
});
afterAll(() => stack.disposeAsync());

const challenge = 'A'.repeat(43);
const signature = 'A'.repeat(86);
const publicKey = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const good = { publicKey, challenge, signature, audience: 'rooms' };

describe('POST /v1/auth/access-tokens', () => {
  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a list', []],
    ['a key of another length', { ...good, publicKey: publicKey.slice(1) }],
    ['a key whose last bits are not zero', { ...good, publicKey: `${publicKey.slice(0, -1)}p` }],
    ['a key with padding', { ...good, publicKey: `${publicKey.slice(0, -1)}=` }],
    ['an audience that nobody serves', { ...good, audience: 'events' }],
    ['an audience for a room without an id', { ...good, audience: 'room:' }],
    ['two audiences', { ...good, audience: ['rooms', 'payments'] }],
    ['a field that is not known', { ...good, admin: true }],
    ['a capacity in words', { ...good, broadcaster: 'yes' }],
    ['a challenge of a megabyte', { ...good, challenge: 'A'.repeat(1_000) }],
  ])('%s is 400', async (_what, body) => {
    const answer = await ask(base, 'POST', '/v1/auth/access-tokens', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_request']);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });

  test('a signature of zeros is 401', async () => {
    const answer = await ask(base, 'POST', '/v1/auth/access-tokens', good);
    expect([answer.status, answer.body.code]).toEqual([401, 'signature_invalid']);
  });

  test('a challenge that auth never gave is 401', async () => {
    const body = await (await newDevice()).signInBody(challenge, { audience: 'rooms' });
    const answer = await ask(base, 'POST', '/v1/auth/access-tokens', body);
    expect([answer.status, answer.body.code]).toEqual([401, 'challenge_invalid']);
  });

  test('a body beyond the limit is 413', async () => {
    const answer = await ask(base, 'POST', '/v1/auth/access-tokens', {
      ...good,
      challenge: 'A'.repeat(70_000),
    });
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large']);
  });

  test('a body that is not JSON is 400', async () => {
    const response = await fetch(`${base}/v1/auth/access-tokens`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'malformed_request', retry: false });
  });
});

describe('POST /v1/auth/challenges', () => {
  test('an empty object in place of no body is 201 too', async () => {
    expect((await ask(base, 'POST', '/v1/auth/challenges', {})).status).toBe(201);
  });
});

describe('DELETE /v1/auth/account', () => {
  test.each([
    ['nothing', undefined],
    ['no signature', { publicKey, challenge }],
    ['a field that is not known', { publicKey, challenge, signature, audience: 'auth' }],
  ])('%s is 400', async (_what, body) => {
    const answer = await ask(base, 'DELETE', '/v1/auth/account', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_request']);
  });

  test('a signature of zeros is 401', async () => {
    const answer = await ask(base, 'DELETE', '/v1/auth/account', { publicKey, challenge, signature });
    expect([answer.status, answer.body.code]).toEqual([401, 'signature_invalid']);
  });

  test('a signature that was made to sign in is 401, and the account stays', async () => {
    const device = await newDevice();
    const before = await device.signIn(base, { audience: 'rooms' });
    const { publicKey, challenge, signature } = await device.signInBody(await device.challengeFrom(base), {
      audience: 'rooms',
    });
    const answer = await ask(base, 'DELETE', '/v1/auth/account', { publicKey, challenge, signature });
    expect([answer.status, answer.body.code]).toEqual([401, 'signature_invalid']);
    expect((await device.signIn(base, { audience: 'rooms' })).body.subject).toBe(before.body.subject);
  });
});

test('what does not exist is 404', async () => {
  const answer = await ask(base, 'GET', '/v1/auth/accounts');
  expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
});
