import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalTags } from './tags.ts';

test.each([
  [[], []],
  [['lamp'], ['lamp']],
  [['#Late Night', 'late_night', ' LATE--NIGHT '], ['late-night']],
  [
    ['ＦＵＬＬ', 'Straße', '夜', 'год-2026', 'हिन्दी'],
    ['full', 'straße', '夜', 'год-2026', 'हिन्दी'],
  ],
  [['x'.repeat(24)], ['x'.repeat(24)]],
])('%j becomes %j', (typed, tags) => {
  expect(normalTags(typed)).toEqual(tags);
});

test.each(['', ' ', '#', '-', '-a', 'a-', 'a/b', '<b>', 'a\0', '💡', '\u0301a', 'a\u202eb', 'x'.repeat(25)])(
  '%j is none',
  (typed) => {
    expect(normalTags(['lamp', typed])).toBeUndefined();
  },
);

test('what is normal stays as it is', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 8 }), (typed) => {
      const tags = normalTags(typed);
      if (tags) expect(normalTags(tags)).toEqual(tags);
    }),
    { seed: 3, numRuns: 2_000 },
  );
});
