import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { compile } from '@nightjar/fence/compile';
import { makePolicyKeys, parsePolicySigner } from '@nightjar/fence/node/policy-keys';
import type { Fence } from '@nightjar/fence/rules';
import { signPolicy } from '@nightjar/fence/sign';
import { freePort } from '@nightjar/testkit/servers/ports';
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts';
import type { Seen } from './upstream.ts';

const NOT_GERMANY: Fence = {
  rules: [{ effect: 'deny', kind: 'country', values: ['DE'] }],
  otherwise: 'allow',
  unknown: 'deny',
};
const OPEN: Fence = { rules: [], otherwise: 'allow', unknown: 'allow' };
const NO_ROOM = 'room_00000000-0000-4000-8000-000000000000';

const stack = new AsyncDisposableStack();
let ground: EdgeUnderTest;
let door: string;
let room: string;
let slug: string;
const rooms = new Map<string, { fence: Fence; version: number; key?: string; of?: string }>();
const slugs = new Map<string, string>();

beforeAll(async () => {
  ground = stack.use(await edgeUnderTest());
  const port = await freePort();
  door = `http://127.0.0.1:${port}`;
  await ground.start({ testListen: { host: '127.0.0.1', port } });
  ground.upstreams.geofence.answer = async ({ path }) => {
    const asked = path.split('/').at(-1) ?? '';
    const held = rooms.get(asked);
    if (!held || !path.startsWith('/edge/'))
      return { status: path.startsWith('/edge/') ? 404 : 200, body: path };
    const policy = compile(held.fence, { roomId: held.of ?? asked, version: held.version });
    return { body: await signPolicy(policy, parsePolicySigner(held.key ?? ground.fenceKey)) };
  };
  ground.upstreams.rooms.answer = ({ path }) => {
    const [, edge, , , asked = ''] = path.split('/');
    if (edge !== 'edge') return { body: path };
    const roomId = slugs.get(asked);
    return roomId ? { body: JSON.stringify({ roomId }) } : { status: 404 };
  };
});
afterAll(() => stack.disposeAsync());

beforeEach(() => {
  room = `room_${crypto.randomUUID()}`;
  slug = `den-${crypto.randomUUID().slice(0, 8)}`;
  slugs.set(slug, room);
  rooms.set(room, { fence: NOT_GERMANY, version: 1 });
});

/** The path that reached a service. */
async function reached(path: string, country: string | undefined, headers: Record<string, string> = {}) {
  const from = { clientIp: '192.0.2.1:1', ...(country ? { country } : {}) };
  const answer = await fetch(`${door}${path}`, { headers: { 'cf-blob': JSON.stringify(from), ...headers } });
  return await answer.text();
}

test.each([
  '',
  '/media-grants',
  '/tickets',
  '/fence',
  '/earnings',
  '/still',
  '/shows/current',
  '/sanctions/pn_1',
])(
  '/v1/rooms/ROOM%s: whoever is kept out asks for a room that never was, all others for the room',
  async (rest) => {
    expect(await reached(`/v1/rooms/${room}${rest}`, 'DE')).toBe(`/v1/rooms/${NO_ROOM}${rest}`);
    expect(await reached(`/v1/rooms/${room}${rest}?x=1`, 'FR')).toBe(`/v1/rooms/${room}${rest}?x=1`);
  },
);

test('a slug is replaced by a slug, so that the two look alike to every check of form', async () => {
  const refused = await reached(`/v1/rooms/${slug}/media-grants`, 'DE');
  expect(refused).toMatch(/^\/v1\/rooms\/[a-z]+-[a-z]+\/media-grants$/);
  expect(await reached(`/v1/rooms/${slug}/media-grants`, 'FR')).toBe(`/v1/rooms/${slug}/media-grants`);
  expect(await reached('/v1/rooms/nowhere-aaaaaa/media-grants', 'DE')).toBe(
    '/v1/rooms/nowhere-aaaaaa/media-grants',
  );
});

test('an escaped room is the room', async () => {
  const escaped = room.replace('room_', '%72oom%5f');
  expect(await reached(`/v1/rooms/${escaped}`, 'DE')).not.toContain(room.slice(5));
  expect(await reached(`/v1/rooms/${slug.replace('d', '%64')}`, 'DE')).not.toContain(slug.slice(1));
  expect(await reached('/v1/rooms/%zz', 'DE')).toBe('/v1/rooms/%zz');
});

test('of whom the edge knows no country the services decide, since they may know one', async () => {
  expect(await reached(`/v1/rooms/${room}`, undefined)).toBe(`/v1/rooms/${room}`);
});

test('a Tor exit has no country, and no service will find one: it is decided here', async () => {
  expect(await reached(`/v1/rooms/${room}`, 'T1')).toBe(`/v1/rooms/${NO_ROOM}`);
});

test('who shows an access token may be the owner, whom her fence does not hold: the service sees to it', async () => {
  const headers = { authorization: 'Bearer x' };
  expect(await reached(`/v1/rooms/${room}`, 'DE', headers)).toBe(`/v1/rooms/${room}`);
});

test.each([
  ['by a key that is not trusted', () => ({ key: makePolicyKeys(0).privateFile })],
  ['of another room', () => ({ of: `room_${crypto.randomUUID()}` })],
])('a policy %s is no policy: the services decide', async (_, wrong) => {
  rooms.set(room, { fence: NOT_GERMANY, version: 1, ...wrong() });
  expect(await reached(`/v1/rooms/${room}`, 'DE')).toBe(`/v1/rooms/${room}`);
});

test('a room without a policy is for the services to refuse', async () => {
  rooms.delete(room);
  expect(await reached(`/v1/rooms/${room}`, 'DE')).toBe(`/v1/rooms/${room}`);
});

test('a policy is asked for once, not for each request', async () => {
  const asked = () =>
    ground.upstreams.geofence.seen.filter(({ path }: Seen) => path === `/edge/v1/policies/${room}`).length;
  for (let i = 0; i < 20; i++) await reached(`/v1/rooms/${room}`, 'DE');
  expect(asked()).toBe(1);
  rooms.set(room, { fence: OPEN, version: 2 });
  await reached(`/v1/rooms/${room}`, 'DE');
  expect(asked()).toBe(1);
});
