import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dispose, RoomEvent, TrackSource } from '@livekit/rtc-node';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { eventually } from '@nightjar/testkit/eventually';
import { type LiveKitServer, startLiveKit } from '@nightjar/testkit/servers/livekit';
import { decodeJwt } from 'jose';
import { RoomServiceClient } from 'livekit-server-sdk';
import { join, publish } from './media.ts';
import { goLive, newRoom, type OwnedRoom, roomsPlatform } from './rooms-under-test.ts';

let livekit: LiveKitServer;
let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let rooms: Awaited<ReturnType<typeof platform.startRooms>>;
let room: OwnedRoom;
let showId: string;

beforeAll(async () => {
  livekit = await startLiveKit();
  platform = await roomsPlatform({
    livekitUrl: livekit.url,
    livekitPublicUrl: livekit.url.replace('http', 'ws'),
    livekitKey: livekit.apiKey,
    livekitSecret: livekit.apiSecret,
  });
  rooms = await platform.startRooms();
  room = await newRoom(rooms.api, platform.neighbours);
  showId = await goLive(rooms.api, room);
}, 60_000);
afterAll(async () => {
  await dispose();
  await rooms?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
  await livekit?.[Symbol.asyncDispose]();
});

async function grantFor(role: Role, pseudonym = '') {
  const ticket = platform.neighbours.ticket(room.roomId, role, pseudonym);
  const { status, body } = await rooms.api('POST', `/v1/rooms/${room.slug}/media-grants`, {
    body: { ticket },
  });
  expect(status).toBe(201);
  return { ...body, ticket } as {
    url: string;
    accessToken: string;
    identity: string;
    expiresAt: string;
    ticket: string;
  };
}

test.each([
  [Role.GUEST, ''],
  [Role.VIEWER, 'pn_viewer'],
])('a watcher (role %s) may subscribe, unseen, for a minute, and nothing else', async (role, pseudonym) => {
  const { accessToken, identity, url, expiresAt } = await grantFor(role, pseudonym);
  expect(url).toBe(platform.config.livekitPublicUrl);
  const claims = decodeJwt(accessToken);
  // The whole of it, so that a claim that somebody adds shows here.
  expect(claims).toEqual({
    iss: livekit.apiKey,
    sub: identity,
    nbf: expect.any(Number),
    exp: expect.any(Number),
    video: {
      room: showId,
      roomJoin: true,
      canPublish: false,
      canPublishSources: [],
      canPublishData: false,
      canSubscribe: true,
      canSubscribeMetrics: false,
      canUpdateOwnMetadata: false,
      hidden: true,
    },
  });
  expect((claims.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(60);
  expect(Math.abs(Date.parse(expiresAt) / 1000 - (claims.exp ?? 0))).toBeLessThan(2);
  // Neither the ticket nor who it is can be read out of it.
  expect(JSON.stringify(claims)).not.toMatch(/pn_|ticket/);
});

test('the broadcaster may publish camera, microphone and screen, and nothing else', async () => {
  const claims = decodeJwt((await grantFor(Role.BROADCASTER)).accessToken);
  expect(claims.video).toEqual({
    room: showId,
    roomJoin: true,
    canPublish: true,
    canPublishSources: ['camera', 'microphone', 'screen_share', 'screen_share_audio'],
    canPublishData: false,
    canSubscribe: false,
    canSubscribeMetrics: false,
    canUpdateOwnMetadata: false,
    hidden: false,
  });
});

test('a bridge gets no media', async () => {
  const ticket = platform.neighbours.ticket(room.roomId, Role.BRIDGE);
  const answer = await rooms.api('POST', `/v1/rooms/${room.slug}/media-grants`, { body: { ticket } });
  expect([answer.status, answer.body.code]).toEqual([403, 'media_not_for_bridge']);
});

test('a ticket gives one grant, and without a show there is none', async () => {
  const path = `/v1/rooms/${room.slug}/media-grants`;
  const { ticket } = await grantFor(Role.GUEST);
  expect((await rooms.api('POST', path, { body: { ticket } })).body.code).toBe('ticket_invalid');
  const quiet = await newRoom(rooms.api, platform.neighbours);
  for (const role of [Role.GUEST, Role.VIEWER, Role.BROADCASTER]) {
    const unused = platform.neighbours.ticket(quiet.roomId, role);
    const answer = await rooms.api('POST', `/v1/rooms/${quiet.slug}/media-grants`, {
      body: { ticket: unused },
    });
    expect([answer.status, answer.body.code]).toEqual([409, 'show_not_live']);
  }
});

test('LiveKit itself holds everybody to their rights', async () => {
  const studio = await join(await grantFor(Role.BROADCASTER));
  const viewerGrant = await grantFor(Role.VIEWER, 'pn_v');
  const viewer = await join(viewerGrant);
  const heard = new Promise((resolve) => viewer.on(RoomEvent.TrackSubscribed, resolve));
  const seen: string[] = [];
  studio.on(RoomEvent.ParticipantConnected, (participant) => void seen.push(participant.identity));
  const quiet = await publish(studio);
  await heard;

  // Refused by the server: the client waits for its track and never gets it.
  const refused = await Promise.allSettled([publish(viewer), publish(studio, TrackSource.SOURCE_UNKNOWN)]);
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);

  const api = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret);
  const watching = await api.getParticipant(showId, viewerGrant.identity);
  expect(watching.tracks).toEqual([]);
  expect(watching.permission).toMatchObject({
    canPublish: false,
    canPublishData: false,
    canSubscribe: true,
    canUpdateMetadata: false,
    hidden: true,
  });
  // The broadcaster cannot count or name who watches by LiveKit.
  expect(seen).toEqual([]);
  expect(studio.remoteParticipants.size).toBe(0);
  const received: unknown[] = [];
  studio.on(RoomEvent.DataReceived, (payload) => void received.push(payload));
  await viewer.localParticipant?.publishData(new Uint8Array([1]), { reliable: true }).catch(() => undefined);
  await eventually(async () => {
    const { body } = await rooms.api('GET', `/v1/rooms/${room.slug}`);
    expect(body.show.picture).toBe(true);
  });
  expect(received).toEqual([]);
  await quiet();
  await studio.disconnect();
  await viewer.disconnect();
}, 60_000);
