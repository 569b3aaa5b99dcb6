import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decide } from '@nightjar/fence/decide';
import { parsePolicyKeyRing } from '@nightjar/fence/policy-key-ring';
import { verifyPolicy } from '@nightjar/fence/sign';
import { testEdge } from '@nightjar/testkit/test-edge';
import type { RunningGeofence } from '../src/service.ts';
import {
  askFence,
  type GeofencePlatform,
  geofencePlatform,
  NOT_GERMANY,
  newBroadcaster,
  newRoom,
} from './geofence-under-test.ts';

const stack = new AsyncDisposableStack();
let platform: GeofencePlatform;
let geofence: RunningGeofence;

beforeAll(async () => {
  platform = stack.use(await geofencePlatform());
  geofence = stack.use(await platform.startGeofence());
});
afterAll(() => stack.disposeAsync());

const policyOf = (
  roomId: string,
  headers: Record<string, string> = testEdge.facts({ address: '192.0.2.1' }),
) => fetch(`${geofence.urls.http}/edge/v1/policies/${roomId}`, { headers });

test('an edge gets the policy in force, signed, in the moment of a change', async () => {
  const [roomId, broadcasterId] = [newRoom(), newBroadcaster()];
  await platform.rpc.createFence({ roomId, broadcasterId });
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  const changed = await askFence(geofence.urls.http, roomId, {
    accessToken,
    ifMatch: '"1"',
    put: NOT_GERMANY,
  });
  expect(changed.status).toBe(200);
  const answer = await policyOf(roomId);
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  const signed = new Uint8Array(await answer.arrayBuffer());
  const policy = await verifyPolicy(signed, parsePolicyKeyRing(platform.fenceKeys.publicFile));
  expect(policy).toMatchObject({ roomId, version: 2 });
  expect(decide(policy, { country: 'DE' }).allowed).toBe(false);
});

test('nobody else learns a rule, or that there is a room', async () => {
  const [roomId, broadcasterId] = [newRoom(), newBroadcaster()];
  await platform.rpc.createFence({ roomId, broadcasterId });
  const accessToken = await platform.accessToken({ broadcaster: broadcasterId });
  const answers = [];
  for (const room of [roomId, newRoom()]) {
    for (const headers of [{}, { authorization: `Bearer ${accessToken}` }] as Record<string, string>[]) {
      const answer = await policyOf(room, headers);
      answers.push([answer.status, await answer.text()]);
    }
  }
  expect(answers[0]?.[0]).toBe(404);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('a room without a fence has no policy', async () => {
  expect((await policyOf(newRoom())).status).toBe(404);
  expect((await policyOf('..%2f')).status).toBe(404);
});
