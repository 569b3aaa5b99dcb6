import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clientAddress } from './client-address.ts';

const HOPS = new Set(['10.0.0.1', '10.0.0.2']);

test.each<[string, string, string | string[] | undefined, string]>([
  ['nobody in between', '192.0.2.1', undefined, '192.0.2.1'],
  ['a header from somebody who is no hop means nothing', '192.0.2.1', '198.51.100.1', '192.0.2.1'],
  ['a hop is believed', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
  [
    'of several entries the last counts, whatever was invented before',
    '10.0.0.1',
    '1.1.1.1, 192.0.2.1',
    '192.0.2.1',
  ],
  ['hops behind hops are passed', '10.0.0.1', '1.1.1.1, 192.0.2.1, 10.0.0.2', '192.0.2.1'],
  ['several headers are one list', '10.0.0.1', ['1.1.1.1', '192.0.2.1,10.0.0.2'], '192.0.2.1'],
  ['a hop that says nothing is itself the client', '10.0.0.1', undefined, '10.0.0.1'],
  ['an empty header says nothing', '10.0.0.1', ' , ', '10.0.0.1'],
  ['a dual-stack socket', '::ffff:10.0.0.1', '::ffff:192.0.2.1', '192.0.2.1'],
  ['IPv6', '10.0.0.1', '2001:db8::1', '2001:db8::1'],
])('%s', (_, peer, header, address) => {
  expect(clientAddress(peer, header, HOPS)).toBe(address);
});

test('what a client puts into the header never moves the address that its hop appended', () => {
  fc.assert(
    fc.property(fc.string(), (invented) => {
      expect(clientAddress('10.0.0.1', `${invented}, 192.0.2.1`, HOPS)).toBe('192.0.2.1');
      expect(clientAddress('192.0.2.1', invented, HOPS)).toBe('192.0.2.1');
    }),
    { seed: 3 },
  );
});
