import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import { testNats } from '@nightjar/testkit/test-servers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AccessChecker, accessChecker } from '../src/access-token.ts';
import { silentLog } from '../src/log.ts';
import { connectNats } from '../src/nats.ts';
import { serve } from '../src/rpc-server.ts';

const stack = new AsyncDisposableStack();
let nc: NatsConnection;
const published = new Map<string, object>();
let asked = 0;
let nowMs = 0;
let auth: AsyncDisposable | undefined;

async function startAuth(): Promise<void> {
  const getJwks = async () => {
    asked++;
    return { jwksJson: JSON.stringify({ keys: [...published.values()] }) };
  };
  auth = serve(nc, AuthService, { getJwks }, silentLog);
  await nc.flush();
}
async function stopAuth(): Promise<void> {
  await auth?.[Symbol.asyncDispose]();
  auth = undefined;
}

/** A key that auth signs with; not published before it is told. */
async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' };
  return {
    publish: () => void published.set(kid, jwk),
    token: (
      claims: { aud?: string; iss?: string; sub?: string; exp?: string; broadcaster?: unknown } = {},
    ) => {
      const { aud = 'rooms', iss = 'nightjar', sub = 'sub_1', exp = '5m', ...rest } = claims;
      const jwt = new SignJWT(rest).setProtectedHeader({ alg: 'EdDSA', kid }).setIssuer(iss).setAudience(aud);
      return (sub === '' ? jwt : jwt.setSubject(sub)).setExpirationTime(exp).sign(privateKey);
    },
  };
}

let key: Awaited<ReturnType<typeof newKey>>;
let checker: AccessChecker;

beforeAll(async () => {
  const server = stack.use(await testNats());
  nc = await connectNats(server.url, 'test', silentLog);
  stack.defer(() => nc.close());
  stack.defer(stopAuth);
});
beforeEach(async () => {
  published.clear();
  key = await newKey('first');
  key.publish();
  await stopAuth();
  await startAuth();
  checker = accessChecker(nc, 'test', () => nowMs);
  asked = 0;
  nowMs += 1_000_000;
});
afterAll(() => stack.disposeAsync());

const check = (token: string, audience: 'rooms' | `room:${string}` = 'rooms') =>
  checker.check(`Bearer ${token}`, audience);
const invalid = { kind: 'unauthenticated', code: 'access_token_invalid' };

test('it says who, and whether as which broadcaster', async () => {
  expect(await check(await key.token())).toEqual({ subject: 'sub_1' });
  expect(await check(await key.token({ broadcaster: 'bcst_1' }))).toEqual({
    subject: 'sub_1',
    broadcasterId: 'bcst_1',
  });
  expect(await check(await key.token({ broadcaster: true }))).toEqual({ subject: 'sub_1' });
  expect(asked).toBe(1);
});

test.each<[string, () => Promise<string>]>([
  ['of another audience', () => key.token({ aud: 'payments' })],
  ['of a room, shown to the service', () => key.token({ aud: 'room:room_1' })],
  ['of another issuer', () => key.token({ iss: 'somebody' })],
  ['past its time', () => key.token({ exp: '-1s' })],
  ['of nobody', () => key.token({ sub: '' })],
  ['signed by a key that is not published', async () => (await newKey('first')).token()],
  [
    'changed by one letter',
    async () => (await key.token()).replace(/.(?=[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A')),
  ],
  [
    'without a signature',
    async () => {
      const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
      return `${head}.${(await key.token()).split('.')[1]}.`;
    },
  ],
  [
    'signed with the public key as a shared secret',
    async () => {
      const secret = new TextEncoder().encode(JSON.stringify(published.get('first')));
      const jwt = new SignJWT({ sub: 'sub_1', iss: 'nightjar', aud: 'rooms' }).setExpirationTime('5m');
      return jwt.setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret);
    },
  ],
  ['that is none', async () => 'a.b.c'],
])('one %s is not valid', async (_, token) => {
  await expect(check(await token())).rejects.toMatchObject(invalid);
});

test('none at all, and none in that form, is told apart', async () => {
  for (const header of [undefined, '', 'Basic x', 'Bearer', 'Bearer a b', 'bearer x'])
    await expect(checker.check(header, 'rooms')).rejects.toMatchObject({ code: 'access_token_missing' });
});

test("a room's pseudonym opens that room alone", async () => {
  const token = await key.token({ aud: 'room:room_1', sub: 'pn_1' });
  expect(await check(token, 'room:room_1')).toEqual({ subject: 'pn_1' });
  await expect(check(token, 'room:room_2')).rejects.toMatchObject(invalid);
});

test('a new key is asked for at once, but not for everybody who invents one', async () => {
  await check(await key.token());
  nowMs += 5_000;
  const second = await newKey('second');
  second.publish();
  expect(await check(await second.token())).toEqual({ subject: 'sub_1' });
  expect(asked).toBe(2);
  const invented = await newKey('invented');
  for (let i = 0; i < 20; i++) await expect(check(await invented.token())).rejects.toMatchObject(invalid);
  expect(asked).toBe(2);
  nowMs += 1_001;
  await expect(check(await invented.token())).rejects.toMatchObject(invalid);
  expect(asked).toBe(3);
});

test('auth away: unavailable before its keys are known, and no matter after that', async () => {
  const token = await key.token();
  await stopAuth();
  await expect(check(token)).rejects.toMatchObject({ code: 'unavailable', retry: true });
  await startAuth();
  expect(await check(token)).toEqual({ subject: 'sub_1' });
  await stopAuth();
  nowMs += 400_000;
  expect(await check(token)).toEqual({ subject: 'sub_1' });
});

test('a key that auth withdrew opens nothing after five minutes', async () => {
  const token = await key.token();
  await check(token);
  published.clear();
  nowMs += 300_001;
  await expect(check(token)).rejects.toMatchObject(invalid);
});
