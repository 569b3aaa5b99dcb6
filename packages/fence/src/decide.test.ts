import { BlockList } from 'node:net';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyFence, anyMask, forget, fullFacts } from '../testing/fence-arbitrary.ts';
import { compile, type Policy } from './compile.ts';
import { decide } from './decide.ts';
import type { Facts } from './facts.ts';
import type { Fence, Rule } from './rules.ts';

const policyOf = (fence: Fence): Policy => compile(fence, { roomId: 'room_1', version: 1 });
const decideBy = (fence: Fence, facts: Facts) => decide(policyOf(fence), facts);

/** What the rules say of complete facts, written as plainly as can be, with Node's own idea of ranges. */
function oracle(fence: Fence, facts: Required<Facts>) {
  const hits = (rule: Rule): boolean => {
    switch (rule.kind) {
      case 'country':
        return rule.values.includes(facts.country);
      case 'region':
        return rule.values.includes(facts.region);
      case 'network':
        return rule.values.includes(facts.asn);
      case 'anonymizer':
        return facts.anonymizer;
      case 'range':
        return rule.values.some((range) => inRange(range, facts.address));
    }
  };
  const index = fence.rules.findIndex(hits);
  const effect = fence.rules[index]?.effect ?? fence.otherwise;
  return { allowed: effect === 'allow', rule: index === -1 ? 'default' : index };
}

function inRange(range: string, address: string): boolean {
  const plain = address.replace('::ffff:', '');
  const [network = '', prefix = ''] = range.split('/');
  const family = (text: string) => (text.includes(':') ? 'ipv6' : 'ipv4');
  if (family(network) !== family(plain)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family(network));
  return list.check(plain, family(plain));
}

test('with all facts known, it decides as the rules read', () => {
  fc.assert(
    fc.property(anyFence, fullFacts, (fence, facts) => {
      expect(decideBy(fence, facts)).toEqual(oracle(fence, facts));
    }),
    { numRuns: 3000 },
  );
});

test('with facts missing, an answer that is given is the answer for whatever they might be', () => {
  fc.assert(
    fc.property(anyFence, fullFacts, anyMask, (fence, facts, mask) => {
      const partial = decideBy(fence, forget(facts, mask));
      if (partial.rule === 'unknown') {
        expect(partial.allowed).toBe(fence.unknown === 'allow');
      } else {
        expect(partial.allowed).toBe(oracle(fence, facts).allowed);
      }
    }),
    { numRuns: 5000 },
  );
});

test('forgetting a fact never lets anyone in where unknown is denied', () => {
  fc.assert(
    fc.property(anyFence, fullFacts, anyMask, (fence, facts, mask) => {
      const closed: Fence = { ...fence, unknown: 'deny' };
      if (decideBy(closed, forget(facts, mask)).allowed) expect(decideBy(closed, facts).allowed).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

const deny = (...values: string[]): Rule => ({ effect: 'deny', kind: 'country', values });
const allow = (...values: string[]): Rule => ({ effect: 'allow', kind: 'country', values });
const fence = (
  rules: Rule[],
  otherwise: Fence['otherwise'] = 'allow',
  unknown: Fence['unknown'] = 'deny',
): Fence => ({
  rules,
  otherwise,
  unknown,
});

test('without rules everyone is let in, known or not', () => {
  for (const facts of [{}, { country: 'DE' }, { anonymizer: true }]) {
    expect(decideBy(fence([]), facts)).toEqual({ allowed: true, rule: 'default' });
  }
});

test('in a fenced room an unknown country is denied, unless the fence says otherwise', () => {
  expect(decideBy(fence([deny('DE')]), {})).toEqual({ allowed: false, rule: 'unknown' });
  expect(decideBy(fence([allow('DE')], 'deny'), {})).toEqual({ allowed: false, rule: 'unknown' });
  expect(decideBy(fence([deny('DE')], 'allow', 'allow'), {})).toEqual({ allowed: true, rule: 'unknown' });
});

test('a missing fact that changes nothing is not asked for', () => {
  const tor: Rule = { effect: 'deny', kind: 'anonymizer' };
  expect(decideBy(fence([tor, deny('DE')]), { country: 'DE' })).toEqual({ allowed: false, rule: 1 });
  expect(decideBy(fence([tor, deny('DE')]), { country: 'FR' })).toEqual({ allowed: false, rule: 'unknown' });
  expect(decideBy(fence([tor, allow('DE')], 'deny'), { country: 'FR' })).toEqual({
    allowed: false,
    rule: 'default',
  });
});

test('the first rule that matches wins, among overlapping ranges too', () => {
  const range = (effect: Rule['effect'], value: string): Rule => ({ effect, kind: 'range', values: [value] });
  const rules = [range('allow', '10.1.0.0/16'), range('deny', '10.0.0.0/8')];
  expect(decideBy(fence(rules), { address: '10.1.2.3' })).toEqual({ allowed: true, rule: 0 });
  expect(decideBy(fence(rules), { address: '10.2.2.3' })).toEqual({ allowed: false, rule: 1 });
  expect(decideBy(fence(rules.toReversed()), { address: '10.1.2.3' })).toEqual({ allowed: false, rule: 0 });
});

test('the family that a client writes its address in does not matter', () => {
  const rules: Rule[] = [{ effect: 'deny', kind: 'range', values: ['192.0.2.0/24'] }];
  for (const address of ['192.0.2.9', '::ffff:192.0.2.9', '::FFFF:C000:0209', '0:0:0:0:0:ffff:192.0.2.9']) {
    expect(decideBy(fence(rules), { address })).toEqual({ allowed: false, rule: 0 });
  }
});

test('an address that cannot be read is an unknown one', () => {
  const rules: Rule[] = [{ effect: 'deny', kind: 'range', values: ['192.0.2.0/24'] }];
  expect(decideBy(fence(rules), { address: '192.0.2.9, 10.0.0.1' })).toEqual({
    allowed: false,
    rule: 'unknown',
  });
});

test('an unknown region is ruled out by a known country of another place only', () => {
  const rules: Rule[] = [{ effect: 'deny', kind: 'region', values: ['DE-BY'] }];
  expect(decideBy(fence(rules), { country: 'FR' })).toEqual({ allowed: true, rule: 'default' });
  expect(decideBy(fence(rules), { country: 'DE' })).toEqual({ allowed: false, rule: 'unknown' });
  expect(decideBy(fence(rules), { region: 'DE-BE' })).toEqual({ allowed: true, rule: 'default' });
});

test('no policy is no decision: a caller must refuse by itself', () => {
  // @ts-expect-error a policy that has not been loaded is not a policy
  expect(() => decide(undefined, {})).toThrow();
});
