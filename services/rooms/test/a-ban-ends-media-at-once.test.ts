import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dispose, type Room } from '@livekit/rtc-node';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { eventually } from '@nightjar/testkit/eventually';
import { type LiveKitServer, startLiveKit } from '@nightjar/testkit/servers/livekit';
import { decodeJwt } from 'jose';
import { RoomServiceClient } from 'livekit-server-sdk';
import { join, reissued } from './media.ts';
import { goLive, newRoom, type OwnedRoom, pseudonym, roomsPlatform, sanction } from './rooms-under-test.ts';

const HERE = '192.0.2.8';

let livekit: LiveKitServer;
let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let pods: Awaited<ReturnType<typeof platform.startRooms>>[];
let inside: RoomServiceClient;

beforeAll(async () => {
  // No webhooks: what is shown here needs no hint of LiveKit's.
  livekit = await startLiveKit();
  platform = await roomsPlatform({
    livekitUrl: livekit.url,
    livekitPublicUrl: livekit.url.replace('http', 'ws'),
    livekitKey: livekit.apiKey,
    livekitSecret: livekit.apiSecret,
  });
  pods = [await platform.startRooms(), await platform.startRooms()];
  inside = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret);
}, 60_000);
afterAll(async () => {
  await dispose();
  for (const pod of pods ?? []) await pod[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
  await livekit?.[Symbol.asyncDispose]();
});

/** Who decides asks one pod, whoever watches the other. */
function pod(i: 0 | 1) {
  const found = pods[i];
  if (!found) throw new Error('no pod');
  return found;
}

interface Grant {
  readonly url: string;
  readonly accessToken: string;
  readonly identity: string;
}

async function grantFor(room: OwnedRoom, role: Role, who = ''): Promise<Grant> {
  const ticket = platform.neighbours.ticket(room.roomId, role, who);
  const { body } = await pod(1).api('POST', `/v1/rooms/${room.slug}/media-grants`, { body: { ticket } });
  return body;
}

async function gate(accessToken: string): Promise<number> {
  const asked = { body: { accessToken }, throughEdge: HERE };
  return (await pod(1).api('POST', '/edge/v1/media-admissions', asked)).status;
}

const gone = (room: Room) => new Promise((resolve) => room.once('disconnected', resolve));
const identities = async (showId: string) =>
  (await inside.listParticipants(showId)).map(({ identity }) => identity);

test.each(['removed', 'banned'])(
  'who is %s is out of the media within a second, from every tab, and nobody else is',
  async (what) => {
    const room = await newRoom(pod(0).api, platform.neighbours);
    const showId = await goLive(pod(0).api, room);
    const who = pseudonym();
    const tabs = await Promise.all([1, 2].map(() => grantFor(room, Role.VIEWER, who)));
    const watching = await Promise.all(tabs.map(join));
    const stay = await Promise.all([
      grantFor(room, Role.VIEWER, pseudonym()),
      grantFor(room, Role.GUEST),
      grantFor(room, Role.BROADCASTER),
    ]);
    const staying = await Promise.all(stay.map(join));
    const out = Promise.all(watching.map(gone));
    const began = performance.now();
    await sanction(pod(0).api, room, who, { what });
    await out;
    const tookMs = performance.now() - began;
    expect(tookMs).toBeLessThan(1_000);
    await eventually(async () =>
      expect((await identities(showId)).toSorted()).toEqual(stay.map(({ identity }) => identity).toSorted()),
    );
    await Promise.all(staying.map((other) => other.disconnect()));
  },
  60_000,
);

test('no grant of theirs opens the gate again: not the old one, not the one from LiveKit, not a new one', async () => {
  const room = await newRoom(pod(0).api, platform.neighbours);
  await goLive(pod(0).api, room);
  const who = pseudonym();
  const old = await grantFor(room, Role.VIEWER, who);
  const fromLiveKit = await reissued(old);
  // What LiveKit gives is good for ten times as long as what we give, and it never takes it back.
  expect((decodeJwt(fromLiveKit).exp ?? 0) - Date.now() / 1000).toBeGreaterThan(500);
  const others = await Promise.all([
    grantFor(room, Role.VIEWER, pseudonym()),
    grantFor(room, Role.GUEST),
    grantFor(room, Role.BROADCASTER),
  ]);
  const othersFromLiveKit = await Promise.all(others.map(reissued));
  const shown = [old.accessToken, fromLiveKit];
  const shownByOthers = [...others.map(({ accessToken }) => accessToken), ...othersFromLiveKit];
  expect(await Promise.all([...shown, ...shownByOthers].map(gate))).toEqual(Array(8).fill(204));
  await sanction(pod(0).api, room, who, { what: 'banned' });
  expect(await Promise.all(shown.map(gate))).toEqual([404, 404]);
  expect(await Promise.all(shownByOthers.map(gate))).toEqual(Array(6).fill(204));
  expect((await grantFor(room, Role.VIEWER, who)) as unknown).toMatchObject({ code: 'room_not_found' });
}, 60_000);

test('who comes in past the gate while they are put out is put out a second time', async () => {
  const room = await newRoom(pod(0).api, platform.neighbours);
  const showId = await goLive(pod(0).api, room);
  const who = pseudonym();
  const grant = await grantFor(room, Role.VIEWER, who);
  const viewer = await join(grant);
  const out = gone(viewer);
  await sanction(pod(0).api, room, who, { what: 'banned' });
  await out;
  // Straight to LiveKit, which knows of no ban.
  const began = performance.now();
  const slipped = await join(grant).catch(() => undefined);
  if (slipped) await gone(slipped);
  expect(performance.now() - began).toBeLessThan(3_500);
  expect(await identities(showId)).not.toContain(grant.identity);
}, 60_000);

test('LiveKit away: the decision is answered all the same, and carried out when it is back', async () => {
  const room = await newRoom(pod(0).api, platform.neighbours);
  const showId = await goLive(pod(0).api, room);
  const who = pseudonym();
  const grant = await grantFor(room, Role.VIEWER, who);
  await livekit.kill();
  const began = performance.now();
  await sanction(pod(0).api, room, who, { what: 'banned' });
  expect(performance.now() - began).toBeLessThan(500);
  await livekit.restart();
  const slipped = await join(grant).catch(() => undefined);
  if (slipped) await gone(slipped);
  await eventually(async () => expect(await identities(showId)).not.toContain(grant.identity));
}, 60_000);
