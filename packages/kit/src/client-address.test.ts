import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAddress, parseAddress } from './cidr.ts';
import { clientAddress, trustedHops } from './client-address.ts';

const HOPS = trustedHops(['10.0.0.0/8', '192.168.7.7', 'fd00::/8', '2001:db8:aaaa::1']);

test.each<[string, string, string | string[] | undefined, string]>([
  ['nobody in between', '192.0.2.1', undefined, '192.0.2.1'],
  ['a header from somebody who is no hop means nothing', '192.0.2.1', '198.51.100.1', '192.0.2.1'],
  ['a hop is believed', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
  ['an address is a range of one', '192.168.7.7', '192.0.2.1', '192.0.2.1'],
  ['its neighbour is nobody', '192.168.7.8', '192.0.2.1', '192.168.7.8'],
  [
    'of several entries the last counts, whatever was invented',
    '10.0.0.1',
    '1.1.1.1, 192.0.2.1',
    '192.0.2.1',
  ],
  ['hops behind hops are passed', '10.0.0.1', '1.1.1.1, 192.0.2.1, fd12::9,10.200.0.2', '192.0.2.1'],
  ['several headers are one list', '10.0.0.1', ['1.1.1.1', '192.0.2.1,10.0.0.2'], '192.0.2.1'],
  ['a hop that says nothing is itself the client', '10.0.0.1', undefined, '10.0.0.1'],
  ['an empty header says nothing', '10.0.0.1', ' , ', '10.0.0.1'],
  ['a hop before which there is nobody is the client', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ['a word is no address', '10.0.0.1', '192.0.2.1, unknown', '10.0.0.1'],
  ['nor is a name', '10.0.0.1', '192.0.2.1, _hidden, 10.0.0.2', '10.0.0.2'],
  ['a dual-stack socket', '::ffff:10.0.0.1', '::ffff:192.0.2.1', '192.0.2.1'],
  ['a port behind the address', '10.0.0.1:5', '192.0.2.1:4711', '192.0.2.1'],
  ['IPv6', '10.0.0.1', '2001:db8::1', '2001:db8::1'],
  ['IPv6 in another spelling, with a port', '[fd00:0::1]:80', '[2001:DB8:0::1]:4711', '2001:db8::1'],
  ['a hop by IPv6', '2001:db8:aaaa::1', '192.0.2.1', '192.0.2.1'],
  ['a peer without an address', '', '192.0.2.1', ''],
])('%s', (_, peer, header, address) => {
  expect(clientAddress(peer, header, HOPS)).toBe(address);
});

test('without hops nobody is believed', () => {
  expect(clientAddress('10.0.0.1', '192.0.2.1', trustedHops([]))).toBe('10.0.0.1');
});

describe('whatever a client invents', () => {
  const same = (a: string, b: string) => formatAddress(parseAddress(a) ?? new Uint8Array(4)) === b;
  const hop = fc.oneof(
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((rest) => `10.${rest.join('.')}`),
    fc.constant('192.168.7.7'),
    fc.ipV4().map((address) => `fd00::${address}`),
  );
  const stranger = fc
    .oneof(fc.ipV4(), fc.ipV6())
    .filter((address) => !/^(10\.|192\.168\.7\.7$|f[cd]|2001:0?db8:aaaa)/i.test(address))
    // Those that stand for an IPv4 address are that address.
    .filter((address) => !/^[0:]+(ffff)?:/i.test(address));
  const invented = fc.oneof(
    fc.string(),
    fc
      .array(fc.oneof(fc.ipV4(), fc.ipV6(), hop, fc.string()), { maxLength: 5 })
      .map((list) => list.join(', ')),
  );
  const way = fc.array(hop, { maxLength: 4 });
  const comma = fc.constantFrom(',', ', ', ' ,  ', ',,');

  test('nothing before the last who is no hop ever counts', () => {
    fc.assert(
      fc.property(invented, stranger, way, hop, comma, (before, client, hops, peer, between) => {
        const said = [before, client, ...hops].join(between);
        expect(same(client, clientAddress(peer, said, HOPS))).toBe(true);
        // Nor does it matter in how many headers it came.
        expect(same(client, clientAddress(peer, [before, client, ...hops], HOPS))).toBe(true);
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  test('who comes without a hop says nothing at all', () => {
    fc.assert(
      fc.property(invented, stranger, way, (before, client, hops) => {
        expect(same(client, clientAddress(client, [before, ...hops].join(', '), HOPS))).toBe(true);
      }),
      { numRuns: 1_000, seed: 4 },
    );
  });

  test('it is an address that comes out, the same for every spelling of it', () => {
    fc.assert(
      fc.property(invented, fc.oneof(hop, stranger), (said, peer) => {
        const found = clientAddress(peer, said, HOPS);
        expect(formatAddress(parseAddress(found) ?? new Uint8Array(4))).toBe(found);
      }),
      { numRuns: 2_000, seed: 5 },
    );
  });
});

describe('a list of hops that is wrong', () => {
  test.each([
    ['10.0.0.0/33', 'entry 2, 10.0.0.0/33, is no address and no range'],
    ['10.0.0.256', 'entry 2, 10.0.0.256, is no address'],
    ['fd00::/129', 'entry 2, fd00::/129, is no address'],
    ['10.0.0.1/', 'entry 2, 10.0.0.1/, is no address'],
    ['0.0.0.0/0', 'entry 2, 0.0.0.0/0, is everybody'],
    ['::/0', 'entry 2, ::/0, is everybody'],
    ['proxy.example', 'entry 2 is no address'],
    ['p@ssword', 'entry 2 is no address'],
    ['0123456789abcdef'.repeat(4), 'entry 2 is no address'],
    ['0123456789abcdef', 'entry 2 is no address'],
    [`${'0123456789abcdef'.repeat(4)}:`, 'entry 2 is no address'],
  ])('%s is refused by its place, and shown only where it is no secret', (entry, message) => {
    const read = () => trustedHops(['10.0.0.1', entry]);
    expect(read).toThrow(RangeError);
    expect(read).toThrow(message);
    if (!message.includes(entry)) expect(read).not.toThrow(entry);
  });

  test('one that is too long is refused too', () => {
    expect(() => trustedHops(Array.from({ length: 257 }, () => '10.0.0.1'))).toThrow('at most 256');
  });
});
