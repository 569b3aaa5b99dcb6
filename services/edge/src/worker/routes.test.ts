import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { routeOf, withoutRoom } from './routes.ts';

const document = JSON.parse(
  readFileSync(new URL('../../../../docs/reference/openapi.json', import.meta.url), 'utf8'),
) as { paths: Record<string, unknown> };

test.each(Object.keys(document.paths))('%s of the REST reference leads to a service', (path) => {
  expect(['service', 'socket']).toContain(routeOf(path.replace(/\{\w+\}/g, 'x1')).to);
});

test.each([
  ['/v1/auth/challenges', 'auth'],
  ['/v1/wallets', 'payments'],
  ['/v1/wallets/w/tips/t', 'payments'],
  ['/v1/payments/keys', 'payments'],
  ['/v1/rooms', 'rooms'],
  ['/v1/rooms/r', 'rooms'],
  ['/v1/rooms/r/menu', 'rooms'],
  ['/v1/rooms/r/sanctions/pn_1', 'rooms'],
  ['/v1/rooms/r/tickets', 'events'],
  ['/v1/rooms/r/fence', 'geofence'],
  ['/v1/rooms/r/earnings', 'payments'],
])('%s is a part of %s', (path, service) => {
  expect(routeOf(path)).toMatchObject({ to: 'service', service });
});

test('a room in a path is told apart, wherever it leads', () => {
  expect(routeOf('/v1/rooms/den-1/tickets')).toMatchObject({ room: 'den-1' });
  expect(routeOf('/v1/rooms/den-1')).toMatchObject({ room: 'den-1' });
  expect(routeOf('/v1/rooms')).not.toHaveProperty('room');
});

test.each([
  '/v1',
  '/v1/',
  '/v1/livekit/webhook',
  '/v1/%61uth/keys',
  '/v1/Rooms',
  '/v1/socket/',
  '/v1//rooms',
])('%s is not there', (path) => {
  expect(routeOf(path)).toEqual({ to: 'nothing' });
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'a part of a room named %s is the business of rooms',
  (part) => {
    expect(routeOf(`/v1/rooms/r/${part}`)).toEqual({ to: 'service', service: 'rooms', room: 'r' });
  },
);

test('whatever is asked for, nothing but /v1 reaches a service and nothing but signalling reaches LiveKit', () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'v1',
      'edge',
      'rtc',
      'validate',
      'rooms',
      'tickets',
      'socket',
      '..',
      '',
      'twirp',
      'whip',
      '%2e',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
      const asked = `http://x/${segments.join('/')}`;
      if (!URL.canParse(asked)) return;
      const path = new URL(asked).pathname;
      const route = routeOf(path);
      if (route.to === 'service')
        expect(path).toMatch(/^\/(v1\/(auth|rooms|wallets|payments)(\/|$)|\.well-known\/jwks\.json$)/);
      if (route.to === 'socket') expect(path).toBe('/v1/socket');
      if (route.to === 'media') expect(path).toMatch(/^\/rtc(\/v1)?(\/validate)?$/);
      if (route.to === 'file') expect(path).not.toMatch(/\/\.|\.\.|\.(br|gz|html)$/);
    }),
    { seed: 20_261_125, numRuns: 2_000 },
  );
});

test('the room that never was has the form of the one that was asked for', () => {
  // As services check it; and of version 4, which rooms never makes.
  const uuid = /^room_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(withoutRoom('/v1/rooms/room_x/tickets').split('/')[3]).toMatch(uuid);
  const slug = withoutRoom('/v1/rooms/den-abc123').split('/')[3] ?? '';
  expect(slug).toMatch(/^[a-z0-9-]{1,64}$/);
  // The letters that rooms never gives a slug.
  expect(slug.split('-').at(-1)).toMatch(/^[ilou]+$/);
});
