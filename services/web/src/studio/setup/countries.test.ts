import { expect, test } from '@jest/globals';
import { COUNTRIES, countryName, findCountries } from './countries.ts';

test('every country has a name, and they stand in its order', () => {
  expect(COUNTRIES).toHaveLength(250);
  expect(COUNTRIES.filter(({ code, name }) => name === code)).toEqual([]);
  expect(COUNTRIES[0]?.name).toBe('Afghanistan');
});

test('a country is found by a part of its name, without the marks on its letters, and by its code', () => {
  expect(findCountries('cote').map(({ code }) => code)).toEqual(['CI']);
  expect(findCountries('turk')[0]?.name).toMatch(/^T[uü]rk/);
  expect(findCountries('de')[0]?.name).toBe('Denmark');
  expect(findCountries('de').map(({ code }) => code)).toContain('DE');
  expect(findCountries('  ')).toBe(COUNTRIES);
  expect(countryName('NZ')).toBe('New Zealand');
});
