import { expect, test } from '@jest/globals';
import { accessChecker } from '@nightjar/kit/access-token';
import { authPlatform } from './auth-under-test.ts';
import { newDevice } from './device.ts';

test('a checker that has seen the keys goes on without auth, one that has not says unavailable', async () => {
  await using platform = await authPlatform();
  const auth = await platform.startAuth();
  const checker = accessChecker(platform.nats, 'test');
  const device = await newDevice();
  const first = await device.signIn(auth.urls.http, { audience: 'rooms' });
  await checker.check(`Bearer ${first.body.accessToken}`, 'rooms');
  const second = await device.signIn(auth.urls.http, { audience: 'rooms' });
  await auth[Symbol.asyncDispose]();
  await expect(checker.check(`Bearer ${second.body.accessToken}`, 'rooms')).resolves.toEqual({
    subject: first.body.subject,
  });
  const late = accessChecker(platform.nats, 'test');
  await expect(late.check(`Bearer ${second.body.accessToken}`, 'rooms')).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a forged signature, another issuer and no signature at all are refused', async () => {
  await using platform = await authPlatform();
  await using auth = await platform.startAuth();
  await using stranger = await platform.startAuth({ sealKeys: platform.config.sealKeys });
  const checker = accessChecker(platform.nats, 'test');
  const { body } = await (await newDevice()).signIn(stranger.urls.http, { audience: 'rooms' });
  const [header = '', payload = '', signature = ''] = (body.accessToken ?? '').split('.');
  const other = Buffer.from(payload, 'base64url')
    .toString()
    .replace(/pn_|sub_/, 'sub_0');
  const forgeries = [
    `${header}.${Buffer.from(other).toString('base64url')}.${signature}`,
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
    `${header}.${payload}.${'A'.repeat(86)}`,
  ];
  for (const forgery of forgeries)
    await expect(checker.check(`Bearer ${forgery}`, 'rooms')).rejects.toMatchObject({
      code: 'access_token_invalid',
    });
  await expect(checker.check(undefined, 'rooms')).rejects.toMatchObject({ code: 'access_token_missing' });
  await expect(checker.check(`Bearer ${body.accessToken}`, 'rooms')).resolves.toBeDefined();
  expect(auth.urls.http).not.toBe(stranger.urls.http);
});
