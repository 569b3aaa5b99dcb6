import { expect, test } from '@jest/globals';
import { ADDRESSES_MAX, AddressLimits, networkOf } from './address-limits.ts';

test('a silent address is forgotten once its bucket would be full', () => {
  const limits = new AddressLimits({ perSecond: 2, burst: 10 });
  expect(limits.take('192.0.2.1', 0)).toBe(true);
  expect(limits.take('192.0.2.2', 1_000)).toBe(true);
  limits.forget(4_999);
  expect(limits.size).toBe(2);
  limits.forget(5_000);
  expect(limits.size).toBe(1);
});

test('asking again puts the forgetting off', () => {
  const limits = new AddressLimits({ perSecond: 1, burst: 1 });
  limits.take('192.0.2.1', 0);
  expect(limits.take('192.0.2.1', 900)).toBe(false);
  limits.forget(1_000);
  expect(limits.size).toBe(1);
});

test('a flood of addresses costs a bounded amount of memory, and the longest silent goes first', () => {
  const limits = new AddressLimits({ perSecond: 1, burst: 1 });
  for (let i = 0; i <= ADDRESSES_MAX; i++) limits.take(`host-${i}`, 0);
  expect(limits.size).toBe(ADDRESSES_MAX);
  expect(limits.take('host-1', 0)).toBe(false);
  expect(limits.take('host-0', 0)).toBe(true);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:DB8:0:0:1:2:3:4', '2001:db8:0:0'],
  ['2001:0db8:0001::', '2001:db8:1:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s counts for %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
