import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointsAt } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import type { MediaGrant, Room } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import { endMedia } from '@nightjar/demo/end-media';
import { type Published, publishPicture } from '@nightjar/demo/publish-picture';
import { type Watched, watchPicture } from '@nightjar/demo/watch-picture';
import { type Broadcaster, type Ground, newBroadcaster, newViewer, type Viewer } from '../lib/people.ts';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { until } from '../lib/until.ts';

// The pages are built with the edge.
const START_MS_MAX = 300_000;
const TEST_MS_MAX = 60_000;
/** From the broadcaster's click to the last frame. */
const OUT_MS_MAX = 1_000;

interface Watching {
  readonly viewer: Viewer;
  readonly grant: MediaGrant;
  readonly watched: Watched;
  /** When the latest frame came, in ms since 1970. */
  lastFrameMs: number;
}

let platform: TestPlatform;
/** Everybody comes through the edge, as people do. */
let ground: Ground;
let broadcaster: Broadcaster;
let room: Room;
let picture: Published;
const people: Watching[] = [];

beforeAll(async () => {
  platform = await platformUnderTest({ edge: true, instances: { events: 2 } });
  const { edge } = platform.endpoints;
  if (!edge) throw new Error('no edge');
  ground = { endpoints: endpointsAt(edge), operator: (...args) => platform.operator(...args) };
  broadcaster = await newBroadcaster(ground);
  room = await broadcaster.newRoom();
  const grant = await broadcaster.rooms.mediaGrant(room.roomId, await ticketFor('broadcaster'));
  picture = await publishPicture({ grant, gauge: () => ({ level: 0, status: 'at rest' }) });
}, START_MS_MAX);
afterAll(async () => {
  for (const { viewer, watched } of people) {
    await watched[Symbol.asyncDispose]();
    viewer[Symbol.dispose]();
  }
  await picture?.[Symbol.asyncDispose]();
  await endMedia();
  await platform?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

async function ticketFor(as: 'broadcaster' | 'guest'): Promise<string> {
  const { identity } = broadcaster;
  const http = createHttpClient();
  const parts = { endpoints: endpointsAt(platform.endpoints.edge ?? ''), http, roomId: room.roomId };
  return (await getTicket({ ...parts, as, ...(as === 'guest' ? {} : { identity }) })).ticket;
}

/** Somebody who speaks and sees. */
async function watch(): Promise<Watching> {
  const viewer = await newViewer(ground, room.roomId, 0n);
  const grant = await broadcaster.rooms.mediaGrant(room.roomId, await viewer.connection.mediaTicket());
  const one = { lastFrameMs: 0 };
  const watched = await watchPicture(grant, ({ seenMs }) => {
    one.lastFrameMs = seenMs;
  });
  const watching = Object.assign(one, { viewer, grant, watched });
  people.push(watching);
  await until('a frame is seen', () => watching.lastFrameMs > 0);
  return watching;
}

test(
  'who is banned loses socket and picture within a second, and comes back by no door; the others see on',
  async () => {
    const banned = await watch();
    const other = await watch();
    const { connection } = banned.viewer;
    const pseudonym = connection.pseudonym ?? '';
    const closed = until('the socket is closed', () => connection.phase === 'closed');
    const bannedAtMs = Date.now();
    await broadcaster.rooms.sanction(room.roomId, pseudonym, { what: 'banned' });
    await closed;
    expect(Date.now() - bannedAtMs).toBeLessThan(OUT_MS_MAX);
    expect(connection.reason?.code).toBe('removed');
    // Whoever was let in by LiveKit tries to come back by themselves, with LiveKit's own access token.
    await until('the others have seen on for long', () => other.lastFrameMs - bannedAtMs > 5_000);
    expect(banned.lastFrameMs - bannedAtMs).toBeLessThan(OUT_MS_MAX);
    const again = watchPicture(banned.grant, () => {});
    await expect(again).rejects.toThrow();
    await expect(connection.mediaTicket()).rejects.toMatchObject({ code: 'room_not_found' });
    expect(other.viewer.connection.phase).toBe('live');
    // Who they were is not who a guest is: watching an open room needs nobody to be known.
    expect((await broadcaster.rooms.mediaGrant(room.roomId, await ticketFor('guest'))).url).toBeDefined();
  },
  TEST_MS_MAX,
);
