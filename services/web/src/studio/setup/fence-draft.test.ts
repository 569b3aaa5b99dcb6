import { expect, test } from '@jest/globals';
import {
  draftOfRules,
  type FenceDraft,
  fenceFault,
  fenceWords,
  OPEN_TO_ALL,
  rulesOf,
} from './fence-draft.ts';

const name = (code: string) => ({ DE: 'Germany', AT: 'Austria', CH: 'Switzerland' })[code] ?? code;
const drafts: FenceDraft[] = [
  OPEN_TO_ALL,
  { who: 'only', countries: ['AT', 'DE'], unknown: false },
  { who: 'but', countries: ['CH'], unknown: true },
];

test.each(drafts)('what was chosen is read back as it was chosen: $who', (draft) => {
  expect(draftOfRules(rulesOf(draft))).toEqual(draft);
});

test('unknown places are kept out unless a person lets them in', () => {
  expect(rulesOf(OPEN_TO_ALL).unknown).toBe('deny');
  expect(rulesOf({ who: 'but', countries: ['DE'], unknown: false }).unknown).toBe('deny');
});

test('a fence that says more than a list of countries is not written over', () => {
  const region = { effect: 'deny', kind: 'region', values: ['US-CA'] } as const;
  const country = { effect: 'deny', kind: 'country', values: ['US'] } as const;
  expect(draftOfRules({ rules: [region], otherwise: 'allow', unknown: 'deny' })).toBeUndefined();
  expect(draftOfRules({ rules: [country, region], otherwise: 'allow' })).toBeUndefined();
  expect(
    draftOfRules({ rules: [{ effect: 'deny', kind: 'anonymizer' }], otherwise: 'allow' }),
  ).toBeUndefined();
  expect(draftOfRules({ rules: [country], otherwise: 'deny' })).toBeUndefined();
});

test('a list without a country is spoken of before it is sent', () => {
  expect(fenceFault({ who: 'only', countries: [], unknown: false })).toContain('at least one country');
  expect(fenceFault(OPEN_TO_ALL)).toBeUndefined();
});

test('what it means is said in a sentence', () => {
  expect(fenceWords({ who: 'only', countries: ['DE', 'AT'], unknown: false }, name)).toBe(
    'Only people in Germany and Austria may know that your room exists. For everybody else, and for people whose place nobody can tell, it is as if it had never been.',
  );
  expect(fenceWords({ who: 'but', countries: ['CH'], unknown: true }, name)).toBe(
    'For people in Switzerland it is as if your room had never been. Everybody else may see you, and so may people whose place nobody can tell.',
  );
});
