import { expect, test } from '@jest/globals';
import { nameOf } from './names.ts';

test('a pseudonym has one name, of two words and a figure', () => {
  expect(nameOf('pn_5f0c')).toBe(nameOf('pn_5f0c'));
  for (let i = 0; i < 500; i++) expect(nameOf(`pn_${i}`)).toMatch(/^[a-z]+ [a-z]+ \d\d$/);
});

test('people in one room seldom share a name', () => {
  const names = new Set(Array.from({ length: 200 }, (_, i) => nameOf(`pn_${i}-room`)));
  expect(names.size).toBeGreaterThan(195);
});
