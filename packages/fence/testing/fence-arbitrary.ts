import fc from 'fast-check';
import type { Facts } from '../src/facts.ts';
import type { Fence, Rule } from '../src/rules.ts';

// For tests: few values, so that rules overlap and facts meet them often.
const COUNTRIES = ['DE', 'FR', 'PL'];
const REGIONS = ['DE-BY', 'DE-BE', 'FR-IDF', 'PL-14'];
const RANGES = [
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.3/32',
  '2001:db8::/32',
  '2001:db8:1::/48',
  '::/0',
  '0.0.0.0/1',
];
const NETWORKS = [64500, 64501, 4_294_967_295];
export const ADDRESSES = [
  '10.1.2.3',
  '10.1.9.9',
  '192.0.2.1',
  '::ffff:10.1.2.3',
  '2001:db8:1::7',
  '2001:dead::1',
];

const effect = fc.constantFrom('allow' as const, 'deny' as const);
const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });

export const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ effect, kind: fc.constant('country' as const), values: some(COUNTRIES) }),
  fc.record({ effect, kind: fc.constant('region' as const), values: some(REGIONS) }),
  fc.record({ effect, kind: fc.constant('range' as const), values: some(RANGES) }),
  fc.record({ effect, kind: fc.constant('network' as const), values: some(NETWORKS) }),
  fc.record({ effect, kind: fc.constant('anonymizer' as const) }),
);

export const anyFence: fc.Arbitrary<Fence> = fc
  .record({ rules: fc.array(anyRule, { maxLength: 6 }), otherwise: effect, unknown: effect })
  .map((fence) => (fence.rules.length === 0 ? { ...fence, otherwise: 'allow' } : fence));

/** Facts with nothing missing, whose region lies in their country. */
export const fullFacts: fc.Arbitrary<Required<Facts>> = fc
  .record({
    region: fc.constantFrom(...REGIONS, 'DE-HH', 'ES-M'),
    asn: fc.constantFrom(...NETWORKS, 64502),
    anonymizer: fc.boolean(),
    address: fc.constantFrom(...ADDRESSES),
  })
  .map((facts) => ({ ...facts, country: facts.region.slice(0, 2) }));

/** Which facts to forget. */
export const anyMask = fc.record({
  country: fc.boolean(),
  region: fc.boolean(),
  asn: fc.boolean(),
  anonymizer: fc.boolean(),
  address: fc.boolean(),
});

export function forget(facts: Facts, mask: { readonly [K in keyof Facts]?: boolean }): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !mask[name as keyof Facts]));
}
