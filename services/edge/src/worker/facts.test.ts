import { expect, test } from '@jest/globals';
import { trustedHops } from '@nightjar/kit/client-address';
import { type From, factsOf } from './facts.ts';

const at = (changes: Partial<From> = {}): From => ({
  instance: 'edge_1',
  addressFrom: 'connection',
  hops: [],
  ...changes,
});
const headers = (entries: Record<string, string> = {}) => new Headers(entries);

test.each([
  ['192.0.2.1:4711', '192.0.2.1'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
])('workerd says %s of a peer at %s', (clientIp, address) => {
  expect(factsOf(headers(), { clientIp }, at())).toEqual({ edge: 'edge_1', address });
});

test('what others say of a client counts only from a trusted hop', () => {
  const said = headers({ 'x-forwarded-for': '10.9.9.9, 198.51.100.7', 'cf-connecting-ip': '203.0.113.1' });
  const platform = { clientIp: '192.0.2.1:1' };
  expect(factsOf(said, platform, at())?.address).toBe('192.0.2.1');
  expect(factsOf(said, platform, at({ hops: trustedHops(['192.0.2.0/24']) }))?.address).toBe('198.51.100.7');
});

test("at Cloudflare its own header counts, and its facts, in the fence's form", () => {
  const said = headers({ 'cf-connecting-ip': '203.0.113.1', 'x-forwarded-for': '10.9.9.9' });
  const platform = { country: 'us', regionCode: 'TX', asn: 64_500 };
  expect(factsOf(said, platform, at({ addressFrom: 'cloudflare' }))).toEqual({
    edge: 'edge_1',
    address: '203.0.113.1',
    country: 'US',
    region: 'US-TX',
    asn: 64_500,
  });
});

test('what is not known is not invented', () => {
  const said = headers({ 'cf-connecting-ip': '203.0.113.1' });
  const cloudflare = at({ addressFrom: 'cloudflare' });
  const facts = { edge: 'edge_1', address: '203.0.113.1' };
  for (const country of ['XX', '', undefined, 7])
    expect(factsOf(said, { country }, cloudflare)).toEqual(facts);
  expect(factsOf(said, { country: 'T1', regionCode: '' }, cloudflare)).toEqual({
    ...facts,
    anonymizer: true,
  });
});

test('without an address there are no facts, and nobody is let in', () => {
  expect(factsOf(headers(), undefined, at())).toBeUndefined();
  expect(factsOf(headers(), {}, at({ addressFrom: 'cloudflare' }))).toBeUndefined();
});
