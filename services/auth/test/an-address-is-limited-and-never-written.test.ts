import { expect, test } from '@jest/globals';
import type { Log, LogFields } from '@nightjar/kit/log';
import { authPlatform } from './auth-under-test.ts';
import { ask, newDevice } from './device.ts';

test('an address that asks too often gets 429 while another goes on; no row and no line names either', async () => {
  await using platform = await authPlatform();
  const lines: [string, LogFields | undefined][] = [];
  const keep = (event: string, fields?: LogFields) => void lines.push([event, fields]);
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
  await using auth = await platform.startAuth(
    { limit: { perSecond: 1, burst: 3 }, trustedHops: ['127.0.0.1'] },
    { log },
  );
  const from = (address: string) =>
    fetch(`${auth.urls.http}/v1/auth/challenges`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address },
    });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await from('203.0.113.77')).status);
  expect(statuses.slice(0, 3)).toEqual([201, 201, 201]);
  expect(statuses[4]).toBe(429);
  expect(await (await from('203.0.113.77')).json()).toMatchObject({ code: 'too_many_requests', retry: true });
  // A /64 is one customer.
  for (let i = 0; i < 4; i++) await from(`2001:db8:1:2::${i}`);
  expect((await from('2001:db8:1:2:ffff::1')).status).toBe(429);
  expect((await from('2001:db8:1:3::1')).status).toBe(201);
  expect((await from('203.0.113.78')).status).toBe(201);

  const tables = await platform.pool.query<{ dump: string }>(
    "select coalesce(string_agg(query_to_xml(format('select * from %I', table_name), true, false, '')::text, ''), '') as dump from information_schema.tables where table_schema = current_schema()",
  );
  const written = `${tables.rows[0]?.dump}${JSON.stringify(lines)}`;
  expect(written).toContain('hash');
  expect(written).not.toMatch(/203\.0\.113|2001:db8/);
});

test('signing in leaves neither the key, the subject nor the challenge in a log line', async () => {
  await using platform = await authPlatform();
  const lines: string[] = [];
  const keep = (event: string, fields?: LogFields) => void lines.push(JSON.stringify([event, fields]));
  await using auth = await platform.startAuth(
    {},
    { log: { debug: keep, info: keep, warn: keep, error: keep } },
  );
  const device = await newDevice();
  const challenge = await device.challengeFrom(auth.urls.http);
  const body = await device.signInBody(challenge, { audience: 'rooms' });
  const answer = await ask(auth.urls.http, 'POST', '/v1/auth/access-tokens', body);
  expect(answer.status).toBe(201);
  const said = lines.join('\n');
  expect(said).toContain('/v1/auth/access-tokens');
  for (const secret of [device.publicKey, challenge, answer.body.subject, answer.body.accessToken])
    expect(said).not.toContain(secret);
});
