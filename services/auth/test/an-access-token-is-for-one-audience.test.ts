import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Audience, accessChecker } from '@nightjar/kit/access-token';
import { authPlatform } from './auth-under-test.ts';
import { newDevice } from './device.ts';

const stack = new AsyncDisposableStack();
let base = '';
let platform: Awaited<ReturnType<typeof authPlatform>>;
beforeAll(async () => {
  platform = stack.use(await authPlatform());
  base = stack.use(await platform.startAuth()).urls.http;
});
afterAll(() => stack.disposeAsync());

const roomA: Audience = 'room:room_0198c0de-0000-7000-8000-00000000000a';
const roomB: Audience = 'room:room_0198c0de-0000-7000-8000-00000000000b';
const audiences: Audience[] = ['auth', 'rooms', 'payments', 'geofence', roomA, roomB];

test('each of them is accepted where it is for, and refused everywhere else', async () => {
  const checker = accessChecker(platform.nats, 'test');
  const device = await newDevice();
  for (const audience of audiences) {
    const { body } = await device.signIn(base, { audience });
    const header = `Bearer ${body.accessToken}`;
    await expect(checker.check(header, audience)).resolves.toEqual({ subject: body.subject });
    for (const other of audiences.filter((candidate) => candidate !== audience))
      await expect(checker.check(header, other)).rejects.toMatchObject({ code: 'access_token_invalid' });
  }
});

test('what one account is called in two rooms, and elsewhere, shares nothing', async () => {
  const device = await newDevice();
  const subjects = [];
  const claims = [];
  for (const audience of audiences) {
    const { body } = await device.signIn(base, { audience });
    subjects.push(body.subject ?? '');
    const [, payload = ''] = (body.accessToken ?? '').split('.');
    claims.push(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>);
  }
  expect(subjects.slice(-2)).toEqual([expect.stringMatching(/^pn_/), expect.stringMatching(/^pn_/)]);
  const pieces = subjects.flatMap((subject) => subject.replace(/^\w+_/, '').split('-'));
  expect(new Set(pieces).size).toBe(pieces.length);
  // Nothing else in the two access tokens could join them: times are those of the requests.
  const [inA, inB] = claims
    .slice(-2)
    .map((all) => Object.keys(all).filter((name) => !['iat', 'exp'].includes(name)));
  expect(inA).toEqual(['iss', 'aud', 'sub'].filter((name) => inA?.includes(name)));
  expect(inA).toEqual(inB);
  const { rows } = await platform.pool.query<{ id: string }>('select id from accounts');
  for (const { id } of rows) expect(JSON.stringify(claims)).not.toContain(id.replace('acct_', ''));
});

test('it is the same each time, on every pod', async () => {
  await using other = await platform.startAuth();
  const device = await newDevice();
  const first = await device.signIn(base, { audience: roomA });
  const second = await device.signIn(other.urls.http, { audience: roomA });
  expect(second.body.subject).toBe(first.body.subject);
});

test('whoever disappears is somebody new at the next sign-in', async () => {
  const device = await newDevice();
  const before = await device.signIn(base, { audience: roomA });
  expect((await device.disappear(base)).status).toBe(204);
  const { rows } = await platform.pool.query('select from device_keys where public_key = $1', [
    Buffer.from(device.publicKey, 'base64url'),
  ]);
  expect(rows).toHaveLength(0);
  const after = await device.signIn(base, { audience: roomA });
  expect(after.status).toBe(201);
  expect(after.body.subject).not.toBe(before.body.subject);
});

test('the key of another cannot make an account disappear', async () => {
  const [victim, other] = [await newDevice(), await newDevice()];
  const before = await victim.signIn(base, { audience: roomA });
  expect((await other.disappear(base)).status).toBe(204);
  expect((await victim.signIn(base, { audience: roomA })).body.subject).toBe(before.body.subject);
});
