import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dispose, type Room } from '@livekit/rtc-node';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { eventually } from '@nightjar/testkit/eventually';
import { type LiveKitServer, startLiveKit } from '@nightjar/testkit/servers/livekit';
import { freePort } from '@nightjar/testkit/servers/ports';
import { RoomServiceClient } from 'livekit-server-sdk';
import { signGrant } from '../src/media/sign-grant.ts';
import { join, publish } from './media.ts';
import { goLive, newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

let livekit: LiveKitServer;
let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let pods: Awaited<ReturnType<typeof platform.startRooms>>[];
let api: RoomServiceClient;

beforeAll(async () => {
  const webhookPort = await freePort();
  livekit = await startLiveKit({ webhookUrls: [`http://127.0.0.1:${webhookPort}/v1/livekit/webhook`] });
  platform = await roomsPlatform({
    livekitUrl: livekit.url,
    livekitPublicUrl: livekit.url.replace('http', 'ws'),
    livekitKey: livekit.apiKey,
    livekitSecret: livekit.apiSecret,
  });
  // Webhooks reach one of the pods, as behind a balancer.
  pods = [
    await platform.startRooms({ httpListen: { host: '127.0.0.1', port: webhookPort } }),
    await platform.startRooms(),
  ];
  api = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret);
}, 60_000);
afterAll(async () => {
  await dispose();
  for (const pod of pods ?? []) await pod[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
  await livekit?.[Symbol.asyncDispose]();
});

function pod() {
  const [, second] = pods;
  if (!second) throw new Error('no pod');
  return second;
}

async function grantFor(room: OwnedRoom, role: Role, pseudonym = '') {
  const ticket = platform.neighbours.ticket(room.roomId, role, pseudonym);
  const { body } = await pod().api('POST', `/v1/rooms/${room.slug}/media-grants`, { body: { ticket } });
  return body as { url: string; accessToken: string; identity: string };
}

const livekitRooms = async () => (await api.listRooms()).map(({ name }) => name);
const picture = async (room: OwnedRoom) =>
  (await pod().api('GET', `/v1/rooms/${room.slug}`)).body.show?.picture;
const gone = (room: Room) => new Promise((resolve) => room.on('disconnected', resolve));

test('a picture is told soon after it begins and after it ends', async () => {
  const room = await newRoom(pod().api, platform.neighbours);
  await goLive(pod().api, room);
  expect(await picture(room)).toBe(false);
  const studio = await join(await grantFor(room, Role.BROADCASTER));
  const quiet = await publish(studio);
  const began = performance.now();
  await eventually(async () => expect(await picture(room)).toBe(true));
  expect(performance.now() - began).toBeLessThan(2_000);
  await quiet();
  await studio.disconnect();
  await eventually(async () => expect(await picture(room)).toBe(false), 2_000);
}, 60_000);

test('the end of a show puts everybody out, and who comes back finds it deleted again', async () => {
  const room = await newRoom(pod().api, platform.neighbours);
  const showId = await goLive(pod().api, room);
  const grant = await grantFor(room, Role.GUEST);
  const viewer = await join(grant);
  expect(await livekitRooms()).toContain(showId);
  const out = gone(viewer);
  await pod().api('DELETE', `/v1/rooms/${room.slug}/shows/current`, { token: room.token });
  await out;
  await eventually(async () => expect(await livekitRooms()).not.toContain(showId));
  // The grant is still good for LiveKit, which makes the room anew for it.
  const again = await join(grant).catch(() => undefined);
  if (again) await gone(again);
  await eventually(async () => expect(await livekitRooms()).not.toContain(showId));
}, 60_000);

test("rooms of no show go, an open show's room and foreign ones stay", async () => {
  const room = await newRoom(pod().api, platform.neighbours);
  const showId = await goLive(pod().api, room);
  const orphan = `show_${randomUUID()}`;
  for (const name of [orphan, showId, 'not-ours']) await api.createRoom({ name });
  await eventually(async () => expect(await livekitRooms()).not.toContain(orphan));
  expect(await livekitRooms()).toEqual(expect.arrayContaining([showId, 'not-ours']));
});

test('LiveKit away: grants are given, everything answers; back: it converges by itself', async () => {
  const room = await newRoom(pod().api, platform.neighbours);
  await goLive(pod().api, room);
  await livekit.kill();
  const grant = await grantFor(room, Role.BROADCASTER);
  expect(grant.accessToken).toEqual(expect.any(String));
  expect((await pod().api('GET', '/v1/rooms')).status).toBe(200);
  // The show ends while LiveKit cannot be told, and a room of it comes back with LiveKit.
  const other = await newRoom(pod().api, platform.neighbours);
  const over = await goLive(pod().api, other);
  await pod().api('DELETE', `/v1/rooms/${other.slug}/shows/current`, { token: other.token });
  await livekit.restart();
  await api.createRoom({ name: over });
  await eventually(async () => expect(await livekitRooms()).not.toContain(over));
  const studio = await join(grant);
  const quiet = await publish(studio);
  await eventually(async () => expect(await picture(room)).toBe(true));
  await quiet();
  await studio.disconnect();
}, 60_000);

test('a webhook that LiveKit did not sign is refused', async () => {
  const url = `${pods[0]?.urls.http}/v1/livekit/webhook`;
  const body = JSON.stringify({ event: 'room_started' });
  const headers = { 'content-type': 'application/webhook+json' };
  const send = async (authorization?: string) => {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, ...(authorization ? { authorization } : {}) },
    });
    return [response.status, ((await response.json()) as { code: string }).code];
  };
  const refused = [401, 'webhook_invalid'];
  expect(await send()).toEqual(refused);
  expect(await send('nonsense')).toEqual(refused);
  // A participant's own access token is signed with the same key, but says nothing of this body.
  const key = { key: livekit.apiKey, secret: livekit.apiSecret };
  const rights = { publish: [], subscribe: true, hidden: true };
  expect(await send(await signGrant(key, { showId: 'show_x', identity: 'x', rights }))).toEqual(refused);
});
