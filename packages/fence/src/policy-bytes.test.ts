import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyFence } from '../testing/fence-arbitrary.ts';
import { compile, decompile } from './compile.ts';
import { decodePolicy, encodePolicy, POLICY_BYTES_MAX } from './policy-bytes.ts';
import { RULES_MAX, readFence, VALUES_MAX } from './rules.ts';

const malformed = expect.objectContaining({ code: 'malformed' });
const anyRoom = fc.record({
  roomId: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});
const anyPolicy = fc.tuple(anyFence, anyRoom).map(([fence, room]) => compile(fence, room));

test('rules come back from a policy in their normal form', () => {
  fc.assert(
    fc.property(anyFence, anyRoom, (fence, room) => {
      expect(decompile(compile(fence, room))).toEqual(readFence(fence));
    }),
  );
});

test('a policy comes back from its bytes', () => {
  fc.assert(
    fc.property(anyPolicy, (policy) => {
      expect(decodePolicy(encodePolicy(policy))).toEqual(policy);
    }),
  );
});

test('the same rules give the same bytes in whatever order their values were written, other rules others', () => {
  fc.assert(
    fc.property(anyPolicy, anyPolicy, (a, b) => {
      const same = Buffer.from(encodePolicy(a)).equals(encodePolicy(b));
      let equal = true;
      try {
        expect(a).toEqual(b);
      } catch {
        equal = false;
      }
      expect(same).toBe(equal);
    }),
  );
  const room = { roomId: 'room_1', version: 1 };
  const written = (values: string[]) =>
    compile(
      { rules: [{ effect: 'deny', kind: 'country', values }], otherwise: 'allow', unknown: 'deny' },
      room,
    );
  expect(encodePolicy(written(['FR', 'DE']))).toEqual(encodePolicy(written(['DE', 'FR', 'DE'])));
});

test('whatever decodes, encodes to itself: no bytes are a second form of a policy', () => {
  fc.assert(
    fc.property(anyPolicy, fc.nat(), fc.nat({ max: 255 }), (policy, at, byte) => {
      const bytes = encodePolicy(policy);
      bytes[at % bytes.length] = byte;
      let read: ReturnType<typeof decodePolicy>;
      try {
        read = decodePolicy(bytes);
      } catch (error) {
        expect(error).toEqual(malformed);
        return;
      }
      expect(encodePolicy(read)).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
});

test('a policy that is cut or has something behind it is refused', () => {
  const bytes = encodePolicy(
    compile(
      {
        rules: [{ effect: 'deny', kind: 'range', values: ['10.0.0.0/8'] }],
        otherwise: 'allow',
        unknown: 'deny',
      },
      { roomId: 'room_1', version: 7 },
    ),
  );
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodePolicy(bytes.subarray(0, length))).toThrow(malformed);
  }
  expect(() => decodePolicy(Uint8Array.of(...bytes, 0))).toThrow(malformed);
});

test('an IPv4-mapped or unclean range in the bytes is refused', () => {
  const policy = compile(
    {
      rules: [{ effect: 'deny', kind: 'range', values: ['2001:db8::/104'] }],
      otherwise: 'allow',
      unknown: 'deny',
    },
    { roomId: 'room_1', version: 7 },
  );
  const withRange = (bytes: Uint8Array, prefixBits: number) =>
    encodePolicy({ ...policy, rules: [{ effect: 'deny', kind: 'range', values: [{ bytes, prefixBits }] }] });
  const mapped = new Uint8Array(16).fill(0xff, 10, 12);
  expect(() => decodePolicy(withRange(mapped, 104))).toThrow(malformed);
  expect(() => decodePolicy(withRange(Uint8Array.of(10, 0, 0, 1), 8))).toThrow(malformed);
  expect(() => decodePolicy(withRange(Uint8Array.of(10, 0, 0, 0), 33))).toThrow(malformed);
  expect(() => decodePolicy(withRange(Uint8Array.of(10, 0, 0), 8))).toThrow(malformed);
});

test('the largest fence fits', () => {
  const perRule = VALUES_MAX / RULES_MAX;
  const rules = Array.from({ length: RULES_MAX }, (_, r) => ({
    effect: 'deny' as const,
    kind: 'range' as const,
    values: Array.from({ length: perRule }, (_, v) => `2001:db8:${r}:${v}::/64`),
  }));
  const policy = compile(
    { rules, otherwise: 'allow', unknown: 'deny' },
    { roomId: 'r'.repeat(64), version: Number.MAX_SAFE_INTEGER },
  );
  const bytes = encodePolicy(policy);
  expect(bytes.length).toBeLessThanOrEqual(POLICY_BYTES_MAX);
  expect(decodePolicy(bytes)).toEqual(policy);
  expect(() => decodePolicy(new Uint8Array(POLICY_BYTES_MAX + 1))).toThrow(malformed);
});

test.each([
  { roomId: '', version: 1 },
  { roomId: 'r'.repeat(65), version: 1 },
  { roomId: 'room/1', version: 1 },
  { roomId: 'room_1', version: 0 },
  { roomId: 'room_1', version: 1.5 },
  { roomId: 'room_1', version: 2 ** 53 },
])('is not compiled for %j', (room) => {
  expect(() => compile({ rules: [], otherwise: 'allow', unknown: 'deny' }, room)).toThrow(malformed);
});
