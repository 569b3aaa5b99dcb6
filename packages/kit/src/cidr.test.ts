import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAddress, formatRange, parseAddress, parseRange, rangeContains } from './cidr.ts';

const toBig = (bytes: Uint8Array) => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6());

test('an address comes back from its text', () => {
  fc.assert(
    fc.property(anyAddress, (text) => {
      const bytes = parseAddress(text);
      expect(bytes).toBeDefined();
      if (bytes === undefined) return;
      expect(parseAddress(formatAddress(bytes))).toEqual(bytes);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:DB8::0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4:5:6:c000:221'],
  ['::ffff:192.0.2.33', '192.0.2.33'],
  ['::FFFF:c000:221', '192.0.2.33'],
  ['0:0:0:0:0:ffff:c000:0221', '192.0.2.33'],
])('%s is %s', (text, normal) => {
  const bytes = parseAddress(text);
  expect(bytes && formatAddress(bytes)).toBe(normal);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4 ',
  '1.2.3.4:80',
  '0x1.2.3.4',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '1:2:3:4::5:6:7:8',
  '12345::',
  'g::',
  'fe80::1%eth0',
  '[::1]',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '::1.2.3',
  ':1::',
  '::1:',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.each([
  ['192.168.1.77/24', '192.168.1.0/24'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
  ['::1', '::1/128'],
  ['::/0', '::/0'],
  ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
  ['::ffff:0:0/96', '0.0.0.0/0'],
  ['::ffff:0:0/95', '::fffe:0:0/95'],
])('range %s is %s', (text, normal) => {
  const range = parseRange(text);
  expect(range && formatRange(range)).toBe(normal);
});

test.each([
  '1.2.3.4/33',
  '1.2.3.4/',
  '1.2.3.4/-1',
  '1.2.3.4/08',
  '1.2.3.4/8/8',
  '::/129',
  '/8',
  '::/1e1',
  'x/8',
])('%j is no range', (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test('contains just what has the same leading bits, as integers say', () => {
  const pair = fc.oneof(
    fc.tuple(fc.ipV4(), fc.ipV4(), fc.nat({ max: 32 }), fc.constant(32)),
    fc.tuple(fc.ipV6(), fc.ipV6(), fc.nat({ max: 128 }), fc.constant(128)),
  );
  fc.assert(
    fc.property(pair, fc.nat({ max: 128 }), ([network, other, prefix, width], flip) => {
      const range = parseRange(`${network}/${prefix}`);
      const base = parseAddress(network);
      const far = parseAddress(other);
      if (range === undefined || base === undefined || far === undefined) return;
      // A mapped network is IPv4 now; the examples above hold it.
      fc.pre(base.length * 8 === width && far.length * 8 === width);
      // Near misses: the network's own address with one bit flipped.
      const near = Uint8Array.from(base);
      const bit = flip % width;
      near[bit >> 3] = (near[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      for (const address of [base, far, near]) {
        const shift = BigInt(width - prefix);
        expect(rangeContains(range, address)).toBe(toBig(address) >> shift === toBig(base) >> shift);
      }
    }),
    { numRuns: 2000 },
  );
});

test('families do not mix, but for mapped addresses', () => {
  const contains = (range: string, address: string) => {
    const r = parseRange(range);
    const a = parseAddress(address);
    return r !== undefined && a !== undefined && rangeContains(r, a);
  };
  expect(contains('::/0', '1.2.3.4')).toBe(false);
  expect(contains('0.0.0.0/0', '2001:db8::1')).toBe(false);
  expect(contains('::/0', '::ffff:1.2.3.4')).toBe(false);
  expect(contains('1.2.3.0/24', '::ffff:1.2.3.4')).toBe(true);
  expect(contains('::ffff:1.2.3.0/120', '1.2.3.4')).toBe(true);
});
