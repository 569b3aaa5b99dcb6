import { expect, test } from '@jest/globals';
import { goalFaults, nameOfTitle, roomOfAddress, tagsTyped, titleFault, withTags } from './face-draft.ts';

test('tags are taken as people type them', () => {
  expect(tagsTyped('#Cosy, late-night  cosy,,\nDüne')).toEqual(['cosy', 'late-night', 'düne']);
  expect(withTags(['a'], 'b c')).toEqual({ tags: ['a', 'b', 'c'] });
  expect(withTags(['a'], 'no! way')).toEqual({
    tags: ['a'],
    fault: 'A tag is letters and digits, with hyphens between words.',
  });
  expect(withTags(['1', '2', '3', '4', '5', '6', '7'], '8 9').fault).toContain('8 tags at most');
});

test('a title and a goal say what they lack', () => {
  expect(titleFault('  ')).toBeDefined();
  expect(titleFault('x'.repeat(80))).toBeUndefined();
  expect(titleFault('x'.repeat(81))).toContain('under 81');
  expect(Object.keys(goalFaults({ title: '', amount: '1.5' }))).toEqual(['title', 'amount']);
  expect(goalFaults({ title: 'New lights', amount: '500' })).toEqual({});
});

test('an address of a room is made of its title, and read from what a browser shows', () => {
  expect(nameOfTitle('Élodie’s late night — come in!')).toBe('elodie-s-late-night-come');
  expect(nameOfTitle('夜')).toBe('room');
  expect(roomOfAddress('http://127.0.0.1:7800/r/dusk-a1b2c3?x#y')).toBe('dusk-a1b2c3');
  expect(roomOfAddress(' dusk-a1b2c3 ')).toBe('dusk-a1b2c3');
  expect(roomOfAddress('what is it')).toBeUndefined();
});
