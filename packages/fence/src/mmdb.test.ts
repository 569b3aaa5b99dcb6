import { beforeAll, expect, test } from '@jest/globals';
import { compile } from './compile.ts';
import { decide } from './decide.ts';
import { bundledGeoipFile, type Geoip, openGeoip } from './mmdb.ts';

let geoip: Geoip;
beforeAll(async () => {
  geoip = await openGeoip(bundledGeoipFile());
});

// Networks that have been where they are for decades.
test.each([
  ['193.0.6.139', 'NL'],
  ['::ffff:193.0.6.139', 'NL'],
  ['::ffff:c100:68b', 'NL'],
  ['2001:67c:2e8:22::c100:68b', 'NL'],
  ['8.8.8.8', 'US'],
])('%s is in %s', (address, country) => {
  expect(geoip.lookup(address)).toEqual({ country });
});

test.each(['127.0.0.1', '10.0.0.1', '192.0.2.1', '::1', 'fe80::1', '', 'nonsense', '1.2.3.4.5'])(
  'of %j nothing is known',
  (address) => {
    expect(geoip.lookup(address)).toEqual({});
  },
);

test('says how old its data is', () => {
  expect(geoip.builtAt.getTime()).toBeGreaterThan(Date.parse('2026-01-01'));
});

test('decides for an address end to end', () => {
  const policy = compile(
    { rules: [{ effect: 'deny', kind: 'country', values: ['NL'] }], otherwise: 'allow', unknown: 'deny' },
    { roomId: 'room_1', version: 1 },
  );
  expect(decide(policy, geoip.lookup('193.0.6.139'))).toEqual({ allowed: false, rule: 0 });
  expect(decide(policy, geoip.lookup('8.8.8.8'))).toEqual({ allowed: true, rule: 'default' });
  expect(decide(policy, geoip.lookup('192.0.2.1'))).toEqual({ allowed: false, rule: 'unknown' });
});

test('a file that is none is an error at once', async () => {
  await expect(openGeoip(import.meta.filename)).rejects.toThrow();
});
