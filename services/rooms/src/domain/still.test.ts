import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JPEG, PNG, SECRET, WEBP, WEBP_ALPHA, withSecrets } from '../../test/pictures.ts';
import { cleanStill } from './still.ts';

const WHOLE = [
  ['image/webp', WEBP],
  ['image/webp', WEBP_ALPHA],
  ['image/jpeg', JPEG],
  ['image/png', PNG],
] as const;

test.each(WHOLE)('a picture of %s with nothing beside it stays as it is, byte for byte', (type, bytes) => {
  expect(cleanStill(bytes)).toEqual({ type, bytes: Uint8Array.from(bytes) });
});

test.each(withSecrets().map(({ type, ...rest }, i) => ({ type, i, ...rest })))(
  'what is written beside a picture of $type is taken out ($i)',
  ({ type, clean, written }) => {
    expect(written.includes(SECRET)).toBe(true);
    expect(cleanStill(written)).toEqual({ type, bytes: Uint8Array.from(clean) });
  },
);

test.each([
  ['PNG', PNG, 16, [0, 0, 8, 0], [0, 0, 8, 1]],
  ['JPEG', JPEG, JPEG.indexOf(Buffer.of(0xff, 0xc0)) + 5, [8, 0], [8, 1]],
  // VP8X has a side less one, little-endian; the frame inside has it as it is.
  ['WebP', WEBP, 24, [0xff, 7, 0], [0, 8, 0]],
  ["WebP's frame", WEBP, WEBP.indexOf('VP8 ') + 14, [0, 8], [1, 8]],
])('a side of 2,048 pixels is taken and one more is not: %s', (_, whole, at, taken, refused) => {
  const sized = (side: number[]) =>
    Buffer.concat([whole.subarray(0, at), Buffer.from(side), whole.subarray(at + side.length)]);
  expect(cleanStill(sized(taken))).toBeDefined();
  expect(cleanStill(sized(refused))).toBeUndefined();
});

test('what is cut off anywhere is no picture', () => {
  for (const [, bytes] of WHOLE)
    for (let end = 0; end < bytes.length; end++) expect(cleanStill(bytes.subarray(0, end))).toBeUndefined();
});

test('whatever somebody sends: it never throws, never grows, and what it made stays as it is', () => {
  const changed = fc
    .record({
      whole: fc.constantFrom(...WHOLE.map(([, bytes]) => bytes), ...withSecrets().map((one) => one.written)),
      edits: fc.array(fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }), { maxLength: 6 }),
    })
    .map(({ whole, edits }) => {
      const bytes = Uint8Array.from(whole);
      for (const { at, byte } of edits) bytes[at % bytes.length] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), changed), (bytes) => {
      const still = cleanStill(bytes);
      if (!still) return;
      expect(still.bytes.length).toBeLessThanOrEqual(bytes.length);
      expect(cleanStill(still.bytes)).toEqual(still);
    }),
    { seed: 3, numRuns: 5_000 },
  );
});
