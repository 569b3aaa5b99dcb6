/** The fence over everything that the door leads to, by real services, a real LiveKit and real facts. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { endpointsAt } from '@nightjar/client/endpoints';
import { Fences } from '@nightjar/client/fences';
import { createHttpClient } from '@nightjar/client/http';
import { root } from '../../scripts/lib/root.ts';
import { type Broadcaster, newBroadcaster } from '../lib/people.ts';
import { until } from '../lib/until.ts';
import { type EdgePlatform, edgePlatform, from } from './edge-platform.ts';

const ONLY_FRANCE = {
  rules: [{ effect: 'allow', kind: 'country', values: ['FR'] }],
  otherwise: 'deny',
} as const;
const NOBODY = { ticket: 'A'.repeat(43) };

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const stack = new AsyncDisposableStack();
let ground: EdgePlatform;
let owner: Broadcaster;
let other: Broadcaster;
let roomId: string;
let slug: string;

beforeAll(async () => {
  ground = stack.use(await edgePlatform());
  const people = { ...ground.platform, endpoints: endpointsAt(ground.platform.endpoints.edge ?? '') };
  [owner, other] = [await newBroadcaster(people), await newBroadcaster(people)];
  ({ roomId, slug } = await owner.newRoom());
  const fences = new Fences({
    endpoints: people.endpoints,
    http: createHttpClient(),
    identity: owner.identity,
  });
  const { version } = await fences.get(roomId);
  await fences.put(roomId, { ...ONLY_FRANCE, version });
  await until(
    'the fence holds',
    async () => (await ask(`/v1/rooms/${roomId}`, { from: 'DE' })).status === 404,
  );
}, 180_000);
afterAll(() => stack.disposeAsync());

async function ask(
  target: string,
  options: { from?: string | undefined; method?: string; body?: unknown; authorization?: string } = {},
): Promise<Answer> {
  const answer = await fetch(`${ground.testDoor}${target}`, {
    method: options.method ?? 'GET',
    headers: {
      ...from(options.from),
      ...(options.authorization ? { authorization: options.authorization } : {}),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date').sort());
  return { status: answer.status, headers, body: await answer.text() };
}

/** Rooms that are not there, as like to this one as can be. */
const unknown = () => [`room_${randomUUID()}`, `test-${randomUUID().slice(0, 6)}`] as const;

type Operations = Record<string, Record<string, unknown>>;
const document = JSON.parse(await readFile(path.join(root, 'docs/reference/openapi.json'), 'utf8')) as {
  paths: Operations;
};
const SURFACES = Object.entries(document.paths)
  .filter(([target]) => target.startsWith('/v1/rooms/{room}'))
  .flatMap(([target, operations]) => Object.keys(operations).map((method) => [method, target] as const))
  .filter(([method]) => ['get', 'put', 'post', 'patch', 'delete'].includes(method));

test('the one whom the fence lets in sees the room by its id and its slug', async () => {
  for (const room of [roomId, slug]) {
    const answer = await ask(`/v1/rooms/${room}`, { from: 'FR' });
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([200, { roomId, slug }]);
  }
  const listed = await ask('/v1/rooms', { from: 'FR' });
  expect(listed.body).toContain(slug);
});

describe.each([
  ['kept out by country', 'DE'],
  ['in a country that nobody knows', undefined],
  ['behind Tor', 'T1'],
])('for whoever is %s', (_, country) => {
  test('the directory has no trace of it', async () => {
    expect((await ask('/v1/rooms', { from: country })).body).toBe('{"rooms":[]}');
  });

  test.each(SURFACES)('%s %s answers as for a room that never was, byte for byte', async (method, target) => {
    const foreign = (await other.identity.accessToken('rooms')).accessToken;
    const bodies = method === 'get' || method === 'delete' ? [undefined] : [{}, NOBODY, { as: 'guest' }];
    for (const authorization of ['', 'Bearer no.such.one', `Bearer ${foreign}`]) {
      for (const body of bodies) {
        const call = async (room: string) =>
          await ask(target.replace('{room}', room).replace(/\{\w+\}/g, 'pn_x'), {
            from: country,
            method: method.toUpperCase(),
            body,
            authorization,
          });
        const [noId, noSlug] = unknown();
        expect(await call(roomId)).toEqual(await call(noId));
        expect(await call(slug)).toEqual(await call(noSlug));
      }
    }
  });
});

test('her own fence does not keep the owner out, wherever she is', async () => {
  const { accessToken } = await owner.identity.accessToken('rooms');
  const answer = await ask(`/v1/rooms/${slug}`, { from: 'DE', authorization: `Bearer ${accessToken}` });
  expect(answer.status).toBe(200);
});

describe('what was given where it may be', () => {
  const ticketFrom = async (country: string) => {
    const { body } = await ask(`/v1/rooms/${roomId}/tickets`, {
      from: country,
      method: 'POST',
      body: { as: 'guest' },
    });
    return (JSON.parse(body) as { ticket: string }).ticket;
  };

  test('a media grant lets nobody in from elsewhere: LiveKit is not reached', async () => {
    const granted = await ask(`/v1/rooms/${roomId}/media-grants`, {
      from: 'FR',
      method: 'POST',
      body: { ticket: await ticketFrom('FR') },
    });
    const { accessToken, url } = JSON.parse(granted.body) as { accessToken: string; url: string };
    expect(url).toBe(ground.platform.endpoints.edge?.replace('http', 'ws'));
    const through = (gate: string, token: string, country: string) =>
      ask(`${gate}?access_token=${token}`, { from: country });
    expect(await through('/rtc/validate', accessToken, 'FR')).toMatchObject({ status: 200, body: 'success' });
    for (const gate of ['/rtc', '/rtc/validate', '/rtc/v1', '/rtc/v1/validate']) {
      // Whatever LiveKit itself makes of the request.
      expect((await through(gate, accessToken, 'FR')).status).not.toBe(401);
      expect(await through(gate, accessToken, 'DE')).toEqual(await through(gate, 'no.such.one', 'DE'));
    }
  });
});
