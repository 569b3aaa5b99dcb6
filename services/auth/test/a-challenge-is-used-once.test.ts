import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CHALLENGE_MS } from '../src/store/challenges.ts';
import { authPlatform, steppedClock } from './auth-under-test.ts';
import { ask, newDevice } from './device.ts';

const stack = new AsyncDisposableStack();
const clock = steppedClock();
let base = '';
let platform: Awaited<ReturnType<typeof authPlatform>>;
beforeAll(async () => {
  platform = stack.use(await authPlatform());
  base = stack.use(await platform.startAuth({}, { clock })).urls.http;
});
afterAll(() => stack.disposeAsync());

const audience = 'rooms';

test('of twenty answers to one challenge at the same moment one signs in', async () => {
  const device = await newDevice();
  const body = await device.signInBody(await device.challengeFrom(base), { audience });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask(base, 'POST', '/v1/auth/access-tokens', body)),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'challenge_invalid')).toHaveLength(19);
});

test('another pod does not take it a second time', async () => {
  await using other = await platform.startAuth({}, { clock });
  const device = await newDevice();
  const body = await device.signInBody(await device.challengeFrom(base), { audience });
  expect((await ask(other.urls.http, 'POST', '/v1/auth/access-tokens', body)).status).toBe(201);
  expect((await ask(base, 'POST', '/v1/auth/access-tokens', body)).body.code).toBe('challenge_invalid');
});

test('a minute later it is refused, and the row is gone', async () => {
  const device = await newDevice();
  const body = await device.signInBody(await device.challengeFrom(base), { audience });
  clock.step(CHALLENGE_MS);
  const answer = await ask(base, 'POST', '/v1/auth/access-tokens', body);
  expect([answer.status, answer.body.code]).toEqual([401, 'challenge_invalid']);
  expect((await platform.pool.query('select from challenges')).rowCount).toBe(0);
});

test('a signature for one audience or capacity does not do for another, and leaves the challenge', async () => {
  const device = await newDevice();
  const body = await device.signInBody(await device.challengeFrom(base), { audience });
  for (const change of [{ audience: 'payments' }, { broadcaster: true }]) {
    const answer = await ask(base, 'POST', '/v1/auth/access-tokens', { ...body, ...change });
    expect([answer.status, answer.body.code]).toEqual([401, 'signature_invalid']);
  }
  expect((await ask(base, 'POST', '/v1/auth/access-tokens', body)).status).toBe(201);
});

test('one key that signs in ten times at once has one account', async () => {
  const device = await newDevice();
  const answers = await Promise.all(Array.from({ length: 10 }, () => device.signIn(base, { audience })));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
  expect(new Set(answers.map(({ body }) => body.subject)).size).toBe(1);
  const { rows } = await platform.pool.query(
    'select count(*)::int as keyless from accounts where id not in (select account_id from device_keys)',
  );
  expect(rows).toEqual([{ keyless: 0 }]);
});
