import { expect, test } from '@jest/globals';
import { factsOf } from './connection.ts';

const geoip = { lookup: () => ({ country: 'DE', asn: 7 }) };
const address = '192.0.2.1';

test('without an edge the local database says where a connection comes from', () => {
  expect(factsOf({ clientAddress: address }, geoip)).toEqual({ country: 'DE', asn: 7, address });
});

test('what the edge knows counts, and the database fills in where it knows no country', () => {
  const edge = 'edge_1';
  const from = (facts: object) =>
    factsOf({ clientAddress: address, facts: { edge, address, ...facts } }, geoip);
  expect(from({ country: 'FR', region: 'FR-75' })).toEqual({ country: 'FR', region: 'FR-75', address });
  expect(from({ asn: 9 })).toEqual({ country: 'DE', asn: 9, address });
});

test('an anonymizer stays in an unknown country', () => {
  const facts = { edge: 'edge_1', address, anonymizer: true };
  expect(factsOf({ clientAddress: address, facts }, geoip)).toEqual({ anonymizer: true, address });
});
