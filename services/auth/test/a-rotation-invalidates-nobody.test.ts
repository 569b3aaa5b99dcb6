import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import { accessChecker } from '@nightjar/kit/access-token';
import { client } from '@nightjar/kit/rpc-client';
import {
  ACCESS_TOKEN_MS,
  KEY_SIGNS_MS,
  LINGERS_MS,
  PUBLISHED_AHEAD_MS,
  VIEW_MS_MAX,
} from '../src/domain/key-schedule.ts';
import { authPlatform, steppedClock } from './auth-under-test.ts';
import { newDevice } from './device.ts';

const stack = new AsyncDisposableStack();
const clock = steppedClock();
let pods: string[] = [];
let platform: Awaited<ReturnType<typeof authPlatform>>;
beforeAll(async () => {
  platform = stack.use(await authPlatform());
  // Together, on an empty table: the worst moment to begin.
  const started = await Promise.all([1, 2, 3].map(() => platform.startAuth({}, { clock })));
  pods = started.map((pod) => stack.use(pod).urls.http);
});
afterAll(() => stack.disposeAsync());

const audience = 'rooms';

async function kidsAt(pod: string): Promise<string[]> {
  const response = await fetch(`${pod}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
}

async function kidOfNewToken(pod: string) {
  const { body } = await (await newDevice()).signIn(pod, { audience });
  const [header = ''] = (body.accessToken ?? '').split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  return { kid, header: `Bearer ${body.accessToken}` };
}

test('three pods that start at once on an empty table agree on one key', async () => {
  const seen = await Promise.all(pods.map(kidsAt));
  expect(seen[0]).toHaveLength(1);
  expect(seen).toEqual([seen[0], seen[0], seen[0]]);
});

test('JWKS is the same by HTTP and by RPC', async () => {
  const { jwksJson } = await client(platform.nats, 'test', AuthService).getJwks({});
  const response = await fetch(`${pods[0]}/.well-known/jwks.json`);
  expect(JSON.parse(jwksJson)).toEqual(await response.json());
  expect(response.headers.get('cache-control')).toBe('public, max-age=60');
  expect(jwksJson).not.toContain('"d"');
});

test('a rotation: published, then used, then the old key goes after its last access token', async () => {
  const checker = accessChecker(platform.nats, 'test');
  const [first] = await kidsAt(pods[0] ?? '');
  const early = await kidOfNewToken(pods[0] ?? '');
  expect(early.kid).toBe(first);
  await checker.check(early.header, audience);

  clock.step(KEY_SIGNS_MS - PUBLISHED_AHEAD_MS + 1);
  const published = await Promise.all(pods.map(kidsAt));
  const second = published[0]?.[1];
  expect(published).toEqual(Array(3).fill([first, second]));
  expect((await kidOfNewToken(pods[1] ?? '')).kid).toBe(first);

  // The last moment of the old key: what it signs now must hold for its whole life.
  clock.step(PUBLISHED_AHEAD_MS - 2);
  const last = await kidOfNewToken(pods[2] ?? '');
  expect(last.kid).toBe(first);
  clock.step(2);
  for (const pod of pods) expect((await kidOfNewToken(pod)).kid).toBe(second);
  clock.step(ACCESS_TOKEN_MS - 1);
  for (const pod of pods) expect(await kidsAt(pod)).toEqual([first, second]);
  await accessChecker(platform.nats, 'test').check(last.header, audience);
  await checker.check(last.header, audience);

  clock.step(LINGERS_MS - ACCESS_TOKEN_MS + VIEW_MS_MAX);
  for (const pod of pods) expect(await kidsAt(pod)).toEqual([second]);
  await expect(accessChecker(platform.nats, 'test').check(last.header, audience)).rejects.toMatchObject({
    code: 'access_token_invalid',
  });
});

test('after days away it goes on signing, and rotates with the same notice', async () => {
  const [current] = await kidsAt(pods[0] ?? '');
  clock.step(5 * KEY_SIGNS_MS);
  expect((await kidOfNewToken(pods[0] ?? '')).kid).toBe(current);
  expect(await kidsAt(pods[0] ?? '')).toHaveLength(2);
  clock.step(PUBLISHED_AHEAD_MS);
  expect((await kidOfNewToken(pods[0] ?? '')).kid).not.toBe(current);
});

test('private keys are in no row in the clear, and a sealing key can be changed', async () => {
  const kids = await kidsAt(pods[0] ?? '');
  const { rows } = await platform.pool.query<{ public_key: Buffer; sealed_seed: Buffer }>(
    'select public_key, sealed_seed from signing_keys',
  );
  for (const { sealed_seed } of rows) expect(sealed_seed.length).toBe(12 + 16 + 32);
  const renewed = [crypto.getRandomValues(new Uint8Array(32)), platform.config.sealKeys[0]] as const;
  await using pod = await platform.startAuth({ sealKeys: renewed }, { clock });
  expect(kids).toContain((await kidOfNewToken(pod.urls.http)).kid);
});

test('a lost sealing key costs a new signing key, and nobody is turned away', async () => {
  const before = await kidsAt(pods[0] ?? '');
  await using pod = await platform.startAuth(
    { sealKeys: [crypto.getRandomValues(new Uint8Array(32))] },
    { clock },
  );
  const { kid, header } = await kidOfNewToken(pod.urls.http);
  expect(before).not.toContain(kid);
  expect(await kidsAt(pod.urls.http)).toEqual([...before, kid]);
  clock.step(VIEW_MS_MAX);
  await accessChecker(platform.nats, 'test').check(header, audience);
});
