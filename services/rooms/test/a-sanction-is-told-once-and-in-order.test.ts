import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role, RoomsService, Sanction } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { client } from '@nightjar/kit/rpc-client';
import { goLive, newRoom, type OwnedRoom, pseudonym, roomsPlatform, sanction } from './rooms-under-test.ts';

let platform: Awaited<ReturnType<typeof roomsPlatform>>;
let pods: Awaited<ReturnType<typeof platform.startRooms>>[];
let room: OwnedRoom;

beforeAll(async () => {
  platform = await roomsPlatform();
  pods = [await platform.startRooms(), await platform.startRooms()];
  room = await newRoom(api(0), platform.neighbours);
  await goLive(api(0), room);
});
afterAll(async () => {
  for (const pod of pods ?? []) await pod[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

function api(i: number) {
  const pod = pods[i % 2];
  if (!pod) throw new Error('no pod');
  return pod.api;
}
const rpc = () => client(platform.nats, 'test', RoomsService);
const path = (who: string) => `/v1/rooms/${room.slug}/sanctions/${who}`;
const lift = (who: string, i = 0) => api(i)('DELETE', path(who), { token: room.token });

/** What the room's events tell of somebody, in order; numbers without gaps are shown in passing. */
async function told(who: string) {
  const { events } = await rpc().listRoomEvents({ roomId: room.roomId, afterSeq: 0n, limit: 0 });
  expect(events.map(({ seq }) => Number(seq))).toEqual(events.map((_, i) => i + 1));
  return events.flatMap(({ body }) =>
    body.case === 'viewerSanctioned' && body.value.pseudonym === who ? [Sanction[body.value.sanction]] : [],
  );
}

test('the same decision from two pods at once, and again, is one event', async () => {
  const who = pseudonym();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => sanction(api(i), room, who, { what: 'banned' })),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  await Promise.all(Array.from({ length: 10 }, (_, i) => lift(who, i)));
  expect(await told(who)).toEqual(['BANNED', 'LIFTED']);
});

test('decisions that follow each other are told in their order, and what GetRoom tells is the last', async () => {
  const who = pseudonym();
  for (const what of ['silenced', 'silenced', 'removed', 'banned', 'removed', 'silenced'])
    await sanction(api(0), room, who, { what });
  expect(await told(who)).toEqual(['SILENCED', 'SILENCED', 'REMOVED', 'BANNED', 'REMOVED', 'SILENCED']);
  const { sanctions } = await rpc().getRoom({ roomId: room.roomId });
  expect(sanctions.filter(({ pseudonym: pn }) => pn === who)).toMatchObject([
    { sanction: Sanction.SILENCED },
  ]);
  // Whatever races: the last event says what is so.
  const wishes = ['banned', 'removed', 'silenced', 'lift'];
  await Promise.all(
    Array.from({ length: 24 }, (_, i) => wishes[i % wishes.length] ?? '').map((what, i) =>
      what === 'lift' ? lift(who, i) : sanction(api(i), room, who, { what }),
    ),
  );
  const now = (await rpc().getRoom({ roomId: room.roomId })).sanctions.find(
    ({ pseudonym: pn }) => pn === who,
  );
  expect((await told(who)).at(-1)).toBe(now ? Sanction[now.sanction] : 'LIFTED');
});

test('a silence has an end, 10 minutes on unless it is said, and is over then', async () => {
  const who = pseudonym();
  const before = Date.now();
  const ten = await sanction(api(0), room, who, { what: 'silenced' });
  expect((Date.parse(ten.until ?? '') - before) / 60_000).toBeCloseTo(10, 1);
  const day = await sanction(api(0), room, who, { what: 'silenced', minutes: 1_440 });
  expect((Date.parse(day.until ?? '') - before) / 60_000).toBeCloseTo(1_440, 1);
  const admitted = rpc().admit({ roomId: room.roomId, pseudonym: who, broadcasterId: '', role: Role.VIEWER });
  await expect(admitted).resolves.toMatchObject({ role: Role.VIEWER });
  const [event] = (await rpc().listRoomEvents({ roomId: room.roomId, limit: 1 })).events;
  expect(event?.body).toMatchObject({ case: 'viewerSanctioned', value: { pseudonym: who } });
  const inForce = async () =>
    (await rpc().getRoom({ roomId: room.roomId })).sanctions.filter(({ pseudonym: pn }) => pn === who).length;
  expect(await inForce()).toBe(1);
  await platform.pool.query('update sanctions set until = now() where pseudonym = $1', [who]);
  expect(await inForce()).toBe(0);
  // Nothing is in force, so there is nothing to lift, or to tell.
  expect((await lift(who)).status).toBe(204);
  expect(await told(who)).toEqual(['SILENCED', 'SILENCED']);
});

test('the list goes through all that is in force, the latest first', async () => {
  const other = await newRoom(api(0), platform.neighbours);
  const people = Array.from({ length: 7 }, pseudonym);
  for (const who of people) await sanction(api(0), other, who, { what: 'banned' });
  const found: string[] = [];
  let cursor = '';
  do {
    const page = await api(1)('GET', `/v1/rooms/${other.slug}/sanctions?limit=3${cursor}`, {
      token: other.token,
    });
    found.push(...page.body.sanctions.map(({ pseudonym: pn }: { pseudonym: string }) => pn));
    cursor = page.body.next ? `&cursor=${page.body.next}` : '';
  } while (cursor);
  expect(found).toEqual(people.toReversed());
  const wrong = await api(0)('GET', `/v1/rooms/${other.slug}/sanctions?cursor=x`, { token: other.token });
  expect(wrong.body.code).toBe('cursor_invalid');
});

test('GetRoom tells of silences and removals before bans, and of so many at most', async () => {
  const other = await newRoom(api(0), platform.neighbours);
  await goLive(api(0), other);
  await platform.pool.query(
    `insert into sanctions (room_id, pseudonym, what)
     select $1, 'pn_' || gen_random_uuid(), 'banned' from generate_series(1, 9999)`,
    [other.roomId],
  );
  const who = pseudonym();
  await sanction(api(0), other, who, { what: 'silenced' });
  await platform.pool.query(`update sanctions set decided_at = '2020-01-01' where pseudonym = $1`, [who]);
  const { sanctions } = await rpc().getRoom({ roomId: other.roomId });
  expect(sanctions).toHaveLength(1_000);
  expect(sanctions[0]).toMatchObject({ pseudonym: who, sanction: Sanction.SILENCED });
  // 10,000 are in force: another decision about one of them is possible, one about somebody else is not.
  await sanction(api(0), other, who, { what: 'banned' });
  const full = await api(0)('PUT', `/v1/rooms/${other.slug}/sanctions/${pseudonym()}`, {
    token: other.token,
    body: { what: 'banned' },
  });
  expect([full.status, full.body.code]).toEqual([422, 'sanctions_too_many']);
});

test('decisions that are none are refused by a code, and nobody but the owner decides', async () => {
  const who = pseudonym();
  const ask = async (pn: string, body: unknown, token = room.token) =>
    (await api(0)('PUT', path(pn), { token, body })).body.code;
  for (const body of [
    {},
    { what: 'lifted' },
    { what: 'silenced', minutes: 0 },
    { what: 'silenced', minutes: 1_441 },
    { what: 'silenced', minutes: 1.5 },
    { what: 'banned', minutes: 5 },
    { what: 'banned', why: 'rude' },
  ])
    expect(await ask(who, body)).toBe('malformed_request');
  for (const pn of ['pn_x', 'sub_0190', `pn_${'0'.repeat(36)}`])
    expect(await ask(pn, { what: 'banned' })).toBe('malformed_request');
  const viewer = await platform.neighbours.accessToken();
  expect(await ask(who, { what: 'banned' }, viewer)).toBe('broadcaster_only');
  expect((await api(0)('GET', `/v1/rooms/${room.slug}/sanctions`)).body.code).toBe('access_token_missing');
  expect(await told(who)).toEqual([]);
});
