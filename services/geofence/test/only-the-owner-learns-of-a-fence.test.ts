import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Log, LogFields } from '@nightjar/kit/log';
import {
  type Answer,
  askFence,
  type GeofencePlatform,
  geofencePlatform,
  NOT_GERMANY,
  newBroadcaster,
  newRoom,
} from './geofence-under-test.ts';

const stack = new AsyncDisposableStack();
const lines: string[] = [];
let platform: GeofencePlatform;
let base = '';
const roomId = newRoom();
const owner = newBroadcaster();
let ofOwner = '';
beforeAll(async () => {
  platform = stack.use(await geofencePlatform());
  const keep = (event: string, fields?: LogFields) => void lines.push(JSON.stringify([event, fields]));
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
  base = stack.use(await platform.startGeofence({}, { log })).urls.http;
  await platform.rpc.createFence({ roomId, broadcasterId: owner });
  ofOwner = await platform.accessToken({ broadcaster: owner });
});
afterAll(() => stack.disposeAsync());

const codeOf = ({ status, body }: Answer) => [status, body.code];

test("another's room and a room that never was answer the same, byte for byte, whatever is asked", async () => {
  const accessToken = await platform.accessToken({ broadcaster: newBroadcaster() });
  const asked = [
    {},
    { put: { ...NOT_GERMANY, version: 1 } },
    { put: NOT_GERMANY },
    { put: { rules: [{ effect: 'deny', kind: 'country', values: ['XY'] }], otherwise: 'allow', version: 1 } },
    { put: NOT_GERMANY, ifMatch: '"9"' },
  ];
  const answers = [];
  for (const room of [roomId, newRoom(), 'a-slug-x7f3q9', 'x'.repeat(100)])
    for (const options of asked) answers.push(await askFence(base, room, { ...options, accessToken }));
  expect(answers.map(codeOf)).toEqual(answers.map(() => [404, 'room_not_found']));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect((await askFence(base, roomId, { accessToken: ofOwner })).body.version).toBe(1);
});

test('without an access token, with one for elsewhere, or as a viewer, nothing depends on the room', async () => {
  const cases: [string | undefined, number, string][] = [
    [undefined, 401, 'access_token_missing'],
    [await platform.accessToken({ broadcaster: owner, audience: 'rooms' }), 401, 'access_token_invalid'],
    [await platform.accessToken({}), 403, 'broadcaster_only'],
  ];
  for (const [accessToken, status, code] of cases)
    for (const room of [roomId, newRoom()])
      for (const put of [undefined, { ...NOT_GERMANY, version: 1 }]) {
        const answer = await askFence(base, room, { ...(accessToken ? { accessToken } : {}), put });
        expect(codeOf(answer)).toEqual([status, code]);
      }
});

test.each([
  ['no version', { ...NOT_GERMANY }, 400, 'fence_version_missing'],
  ['no rules', { version: 1 }, 400, 'malformed_request'],
  ['a member that is not known', { ...NOT_GERMANY, version: 1, admin: true }, 400, 'malformed_request'],
  ['a version of 0', { ...NOT_GERMANY, version: 0 }, 400, 'malformed_request'],
  ['an old version', { ...NOT_GERMANY, version: 99 }, 409, 'fence_changed'],
  ['a fence that is shut', { rules: [], otherwise: 'deny', version: 1 }, 422, 'fence_invalid'],
  [
    'a country that is none',
    { rules: [{ effect: 'deny', kind: 'country', values: ['UK'] }], otherwise: 'allow', version: 1 },
    422,
    'fence_invalid',
  ],
  [
    'a misspelt member of a rule',
    { rules: [{ effect: 'deny', kind: 'country', value: ['DE'] }], otherwise: 'allow', version: 1 },
    422,
    'fence_invalid',
  ],
])('%s changes nothing and is answered by a code', async (_what, put, status, code) => {
  const answer = await askFence(base, roomId, { accessToken: ofOwner, put });
  expect(codeOf(answer)).toEqual([status, code]);
  expect((await askFence(base, roomId, { accessToken: ofOwner })).etag).toBe('"1"');
});

test('whoever wrote rules is told which place of them is wrong', async () => {
  const put = {
    rules: [{ effect: 'deny', kind: 'country', values: ['DE', 'UK'] }],
    otherwise: 'allow',
    version: 1,
  };
  const answer = await askFence(base, roomId, { accessToken: ofOwner, put });
  expect(answer.body.title).toContain('rules[0].values[1]: not a country of ISO 3166-1');
});

test('If-Match that is no version of ours is 400, one that differs from the body 409', async () => {
  const put = { ...NOT_GERMANY, version: 1 };
  for (const [ifMatch, expected] of [
    ['*', [400, 'malformed_request']],
    ['"1', [400, 'malformed_request']],
    ['"2"', [409, 'fence_changed']],
  ] as const)
    expect(codeOf(await askFence(base, roomId, { accessToken: ofOwner, ifMatch, put }))).toEqual(expected);
});

test('too many changes by one broadcaster are 429', async () => {
  const broadcasterId = newBroadcaster();
  const room = newRoom();
  await platform.rpc.createFence({ roomId: room, broadcasterId });
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  const codes = [];
  for (let version = 1; version <= 40; version++)
    codes.push((await askFence(base, room, { accessToken, put: { ...NOT_GERMANY, version } })).status);
  expect(codes).toContain(429);
});

test('the address of whoever asked is in no row and no line', async () => {
  const before = lines.length;
  const put = { rules: [{ effect: 'deny', kind: 'range', values: ['198.51.100.0/24'] }], otherwise: 'allow' };
  const answer = await askFence(base, roomId, {
    accessToken: ofOwner,
    ifMatch: '"1"',
    put,
    from: '203.0.113.77',
  });
  expect(answer.status).toBe(200);
  const { rows } = await platform.pool.query(
    'select f, v from fences f join policy_versions v using (room_id)',
  );
  const written = JSON.stringify(rows) + lines.join('\n');
  expect(lines.length).toBeGreaterThan(before);
  expect(written).toContain('198.51.100.0');
  expect(lines.join('\n')).not.toContain('198.51.100.0');
  expect(written).not.toContain('203.0.113.77');
});
