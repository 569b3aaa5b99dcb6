import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kvm } from '@nats-io/kv';
import { FENCE_BUCKET } from '@nightjar/contracts/subjects';
import { compile } from '@nightjar/fence/compile';
import { makePolicyKeys, parsePolicySigner } from '@nightjar/fence/node/policy-keys';
import type { Fence } from '@nightjar/fence/rules';
import { signPolicy } from '@nightjar/fence/sign';
import { eventually } from '@nightjar/testkit/eventually';
import { goLive, newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

// Long-standing allocations of their countries in the database that comes along.
const GERMANY = '193.99.144.80';
const AMERICA = '8.8.8.8';
const NOWHERE = '192.0.2.1';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;
const keys = makePolicyKeys(Date.now());

beforeAll(async () => {
  platform = await roomsPlatform({ fencePublicKeys: keys.publicFile });
  rooms = await platform.startRoomsWithRealFence();
  room = await newRoom(rooms.api, platform.neighbours);
  await goLive(rooms.api, room);
});
afterAll(async () => {
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

async function publish(version: number, rules: Fence): Promise<void> {
  const bucket = await new Kvm(platform.nats).open(FENCE_BUCKET);
  const policy = compile(rules, { roomId: room.roomId, version });
  await bucket.put(room.roomId, await signPolicy(policy, parsePolicySigner(keys.privateFile)));
}

async function seenFrom(address: string): Promise<boolean[]> {
  const { status } = await rooms.api('GET', `/v1/rooms/${room.slug}`, { from: address });
  const directory = await rooms.api('GET', '/v1/rooms', { from: address });
  const body = { ticket: platform.neighbours.ticket(room.roomId) };
  const grant = await rooms.api('POST', `/v1/rooms/${room.slug}/media-grants`, { body, from: address });
  return [status === 200, directory.body.rooms.length === 1, grant.status === 201];
}
const SEEN = [true, true, true];
const HIDDEN = [false, false, false];

test('without a policy nobody but the owner knows of the room', async () => {
  expect(await seenFrom(GERMANY)).toEqual(HIDDEN);
  expect((await rooms.api('GET', `/v1/rooms/${room.slug}`, { token: room.token })).status).toBe(200);
});

test('a new policy holds on every surface within a second', async () => {
  await publish(1, { rules: [], otherwise: 'allow', unknown: 'allow' });
  await eventually(async () => expect(await seenFrom(GERMANY)).toEqual(SEEN));
  await publish(2, {
    rules: [{ kind: 'country', effect: 'deny', values: ['DE'] }],
    otherwise: 'allow',
    unknown: 'deny',
  });
  await eventually(async () => expect(await seenFrom(GERMANY)).toEqual(HIDDEN), 1_000);
  expect(await seenFrom(AMERICA)).toEqual(SEEN);
  expect(await seenFrom(NOWHERE)).toEqual(HIDDEN);
});

test('an address range is decided by the address itself', async () => {
  await publish(3, {
    rules: [{ kind: 'range', effect: 'allow', values: ['192.0.2.0/24'] }],
    otherwise: 'deny',
    unknown: 'deny',
  });
  await eventually(async () => expect(await seenFrom(NOWHERE)).toEqual(SEEN), 1_000);
  expect(await seenFrom(AMERICA)).toEqual(HIDDEN);
});
