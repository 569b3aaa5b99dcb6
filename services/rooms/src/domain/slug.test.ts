import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ROOM_NAME_PATTERN, slugOf } from './slug.ts';

test('a slug is the name and a tail with five bits of each random byte', () => {
  expect(slugOf('lamp', Uint8Array.of(0, 1, 31, 32, 255, 10))).toBe('lamp-01z0za');
  expect(() => slugOf('lamp', new Uint8Array(5))).toThrow(RangeError);
});

test('no slug can be taken for an id', () => {
  const bytes = fc.uint8Array({ minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(fc.stringMatching(new RegExp(ROOM_NAME_PATTERN)), bytes, (name, random) => {
      expect(slugOf(name, random)).toMatch(/^[a-z0-9][a-z0-9-]*-[0-9a-z]{6}$/);
    }),
    { seed: 3 },
  );
});
