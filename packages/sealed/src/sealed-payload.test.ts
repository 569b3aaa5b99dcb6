import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSealedPayload, SEALED_BYTES_MAX, sealedBytes, toSealedPayload } from './sealed-payload.ts';

const malformed = expect.objectContaining({ code: 'malformed' });

test('comes back from JSON as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), (bytes) => {
      const payload = toSealedPayload('some-scheme-v1', 'key:2026-01', bytes);
      const read = readSealedPayload(JSON.parse(JSON.stringify(payload)));
      expect(read).toEqual(payload);
      expect([...sealedBytes(read, 'some-scheme-v1')]).toEqual([...bytes]);
    }),
  );
});

test('what else the object held is left behind', () => {
  expect(readSealedPayload({ scheme: 's', keyId: 'k', bytes: 'AA', plain: 'hello' })).toEqual({
    scheme: 's',
    keyId: 'k',
    bytes: 'AA',
  });
});

test.each([
  [null],
  ['text'],
  [{}],
  [{ scheme: 's', keyId: 'k' }],
  [{ scheme: 's', keyId: 'k', bytes: '' }],
  [{ scheme: 's', keyId: 'k', bytes: 'A' }],
  [{ scheme: 's', keyId: 'k', bytes: 7 }],
  [{ scheme: 'S', keyId: 'k', bytes: 'AA' }],
  [{ scheme: 's'.repeat(33), keyId: 'k', bytes: 'AA' }],
  [{ scheme: 's', keyId: '', bytes: 'AA' }],
  [{ scheme: 's', keyId: 'k'.repeat(65), bytes: 'AA' }],
  [{ scheme: 's', keyId: 'k', bytes: 'A'.repeat(SEALED_BYTES_MAX * 2) }],
])('refuses %j', (value) => {
  expect(() => readSealedPayload(value)).toThrow(malformed);
});

test('the largest passes, one byte more does not', () => {
  expect(() => toSealedPayload('s', 'k', new Uint8Array(SEALED_BYTES_MAX))).not.toThrow();
  expect(() => toSealedPayload('s', 'k', new Uint8Array(SEALED_BYTES_MAX + 1))).toThrow(malformed);
});

test('another scheme is named as such', () => {
  expect(() => sealedBytes(toSealedPayload('a', 'k', Uint8Array.of(1)), 'b')).toThrow(
    expect.objectContaining({ code: 'wrong_scheme' }),
  );
});
