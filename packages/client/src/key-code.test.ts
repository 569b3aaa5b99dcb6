import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readKeyCode, SECRET_BYTES, toKeyCode } from './key-code.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const secret = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const seeded = { seed: 7, numRuns: 200 };
const mistyped = expect.objectContaining({ code: 'key_code_mistyped' });

/** What is said of it; `expect` is too slow to ask thousands of times. */
function codeOf(typed: string): unknown {
  try {
    return readKeyCode(typed);
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

test('a code is the same code for ever', () => {
  const bytes = Uint8Array.from({ length: SECRET_BYTES }, (_, i) => i * 7);
  expect(toKeyCode(bytes)).toMatchInlineSnapshot(
    `"1003 GW58 W4CN 32E1 Z8S6 N8PV 2D5R 7EZM 5HJ9 SN8D 8NYV BVH6 BTBC GPFE"`,
  );
});

test('a secret comes back from its code, however it was typed', () => {
  fc.assert(
    fc.property(secret, fc.infiniteStream(fc.constantFrom('', ' ', '-', '–', '\n')), (bytes, gaps) => {
      const code = toKeyCode(bytes);
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){13}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect([...readKeyCode(code)]).toEqual([...bytes]);
      const typed = [...code.replaceAll(' ', '').toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')];
      const again = typed.map((character) => `${character}${gaps.next().value}`).join('');
      expect([...readKeyCode(again)]).toEqual([...bytes]);
    }),
    seeded,
  );
});

test('every single wrong character is found', () => {
  fc.assert(
    fc.property(secret, (bytes) => {
      const code = toKeyCode(bytes).replaceAll(' ', '');
      for (let i = 0; i < code.length; i += 1) {
        for (const other of ALPHABET) {
          if (other === code[i]) continue;
          const wrong = `${code.slice(0, i)}${other}${code.slice(i + 1)}`;
          expect(codeOf(wrong)).toBe('key_code_mistyped');
        }
      }
    }),
    { seed: 7, numRuns: 3 },
  );
});

test('every two neighbours that changed places are found', () => {
  fc.assert(
    fc.property(secret, (bytes) => {
      const code = toKeyCode(bytes).replaceAll(' ', '');
      for (let i = 0; i + 1 < code.length; i += 1) {
        if (code[i] === code[i + 1]) continue;
        const wrong = `${code.slice(0, i)}${code[i + 1]}${code[i]}${code.slice(i + 2)}`;
        expect(codeOf(wrong)).toBe('key_code_mistyped');
      }
    }),
    seeded,
  );
});

test('what is wrong is told apart', () => {
  const code = toKeyCode(new Uint8Array(SECRET_BYTES));
  expect(() => readKeyCode(code.slice(0, -1))).toThrow(
    expect.objectContaining({ code: 'key_code_incomplete' }),
  );
  expect(() => readKeyCode('')).toThrow(expect.objectContaining({ code: 'key_code_incomplete' }));
  expect(() => readKeyCode(code.replace('0', 'U'))).toThrow(mistyped);
  expect(() => toKeyCode(new Uint8Array(31))).toThrow(RangeError);
});
