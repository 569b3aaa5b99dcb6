import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RawFacts, toFacts } from './facts.ts';

test('takes what can be relied upon', () => {
  expect(
    toFacts({ country: 'de', region: 'de-by', asn: 64500, anonymizer: false, address: '192.0.2.1' }),
  ).toEqual({
    country: 'DE',
    region: 'DE-BY',
    asn: 64500,
    anonymizer: false,
    address: '192.0.2.1',
  });
});

test.each(['XX', 'ZZ', 'EU', 'AN', 'UK', 'D', 'DEU', '', 'D\u0131', 7, null])(
  'country %j is unknown',
  (country) => {
    expect(toFacts({ country })).toEqual({});
  },
);

test('Tor is an anonymizer in an unknown country, whatever else is said', () => {
  expect(toFacts({ country: 'T1', anonymizer: false })).toEqual({ anonymizer: true });
});

test.each([0, -1, 1.5, 2 ** 32, '64500', Number.NaN])('network %j is unknown', (asn) => {
  expect(toFacts({ asn })).toEqual({});
});

test('never throws, and changes nothing the second time', () => {
  const anything: fc.Arbitrary<RawFacts> = fc.record(
    {
      country: fc.anything(),
      region: fc.anything(),
      asn: fc.anything(),
      anonymizer: fc.anything(),
      address: fc.anything(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anything, (raw) => {
      const facts = toFacts(raw);
      expect(toFacts(facts)).toEqual(facts);
    }),
  );
});
