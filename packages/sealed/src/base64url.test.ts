import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64Url, toBase64Url } from './base64url.ts';

test('agrees with the platform on every byte string, there and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const text = toBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(Buffer.from(fromBase64Url(text)).equals(Buffer.from(bytes))).toBe(true);
    }),
  );
});

test('each byte string has one text: whatever decodes, encodes to itself', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12, unit: fc.constantFrom(...'AQgwBZaz09-_+/= \n') }), (text) => {
      let bytes: Uint8Array;
      try {
        bytes = fromBase64Url(text);
      } catch {
        return;
      }
      expect(toBase64Url(bytes)).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test.each(['A', 'AAAAA', 'AA==', 'AB', 'AAB', 'A+', 'A/', 'AA\n', ' AA', 'ÄA', 'A\u{1f600}'])(
  'refuses %j',
  (text) => {
    expect(() => fromBase64Url(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  },
);
