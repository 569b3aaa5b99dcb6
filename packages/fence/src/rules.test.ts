import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyFence } from '../testing/fence-arbitrary.ts';
import { OPEN_FENCE, RULES_MAX, readFence, VALUES_MAX } from './rules.ts';

const invalid = (path: string) => expect.objectContaining({ code: 'invalid_rule', path });
const country = (...values: unknown[]) => ({ effect: 'deny', kind: 'country', values });

test('brings rules to their normal form', () => {
  expect(
    readFence({
      rules: [
        country('fr', 'DE', 'FR'),
        { effect: 'allow', kind: 'region', values: ['us-ca'] },
        { effect: 'deny', kind: 'range', values: ['2001:DB8::5/32', '10.9.9.9/8', '10.0.0.0/8'] },
        { effect: 'deny', kind: 'network', values: ['AS64501', 64500, 64501] },
        { effect: 'deny', kind: 'anonymizer' },
      ],
      otherwise: 'allow',
    }),
  ).toEqual({
    rules: [
      country('DE', 'FR'),
      { effect: 'allow', kind: 'region', values: ['US-CA'] },
      { effect: 'deny', kind: 'range', values: ['10.0.0.0/8', '2001:db8::/32'] },
      { effect: 'deny', kind: 'network', values: [64500, 64501] },
      { effect: 'deny', kind: 'anonymizer' },
    ],
    otherwise: 'allow',
    unknown: 'deny',
  });
});

test('the normal form is its own', () => {
  fc.assert(
    fc.property(anyFence, (fence) => {
      const normal = readFence(fence);
      expect(readFence(JSON.parse(JSON.stringify(normal)))).toEqual(normal);
    }),
  );
});

test('no rules need no more words', () => {
  expect(readFence({ rules: [] })).toEqual(OPEN_FENCE);
});

test.each([
  ['', null],
  ['', []],
  ['', { rules: [], extra: 1 }],
  ['rules', {}],
  ['rules', { rules: {} }],
  ['rules', { rules: Array(RULES_MAX + 1).fill(country('DE')), otherwise: 'allow' }],
  ['otherwise', { rules: [country('DE')] }],
  ['otherwise', { rules: [], otherwise: 'deny' }],
  ['unknown', { rules: [], unknown: 'maybe' }],
  ['rules[0]', { rules: ['deny DE'], otherwise: 'allow' }],
  ['rules[0]', { rules: [{ ...country('DE'), value: 'DE' }], otherwise: 'allow' }],
  ['rules[0].effect', { rules: [{ ...country('DE'), effect: 'block' }], otherwise: 'allow' }],
  ['rules[0].kind', { rules: [{ effect: 'deny', kind: 'planet', values: ['x'] }], otherwise: 'allow' }],
  ['rules[0].values', { rules: [country()], otherwise: 'allow' }],
  ['rules[0].values', { rules: [{ effect: 'deny', kind: 'country' }], otherwise: 'allow' }],
  ['rules[0].values', { rules: [{ effect: 'deny', kind: 'anonymizer', values: [] }], otherwise: 'allow' }],
  ['rules[1].values[1]', { rules: [country('DE'), country('DE', 'UK')], otherwise: 'allow' }],
  ['rules[0].values[0]', { rules: [country(49)], otherwise: 'allow' }],
  ['rules[0].values[0]', { rules: [{ effect: 'deny', kind: 'region', values: ['BY'] }], otherwise: 'allow' }],
  [
    'rules[0].values[0]',
    { rules: [{ effect: 'deny', kind: 'region', values: ['US-PR'] }], otherwise: 'allow' },
  ],
  [
    'rules[0].values[0]',
    { rules: [{ effect: 'deny', kind: 'range', values: ['10.0.0.0/33'] }], otherwise: 'allow' },
  ],
  ['rules[0].values[0]', { rules: [{ effect: 'deny', kind: 'network', values: [0] }], otherwise: 'allow' }],
  [
    'rules[0].values[0]',
    { rules: [{ effect: 'deny', kind: 'network', values: ['64500'] }], otherwise: 'allow' },
  ],
  ['rules[0].values', { rules: [country(...Array(VALUES_MAX + 1).fill('DE'))], otherwise: 'allow' }],
])('at %j: refuses what could be meant otherwise (%#)', (path, value) => {
  expect(() => readFence(value)).toThrow(invalid(path));
});

test('a region that databases know as a country is refused with the way to write it', () => {
  const rules = [{ effect: 'deny', kind: 'region', values: ['US-PR'] }];
  expect(() => readFence({ rules, otherwise: 'allow' })).toThrow('write a rule for country PR');
});

test('values count over all rules together', () => {
  const networks = (from: number) => ({
    effect: 'deny',
    kind: 'network',
    values: Array.from({ length: VALUES_MAX / 2 + 1 }, (_, i) => from + i),
  });
  expect(() => readFence({ rules: [networks(1), networks(9000)], otherwise: 'allow' })).toThrow(
    invalid('rules'),
  );
});
