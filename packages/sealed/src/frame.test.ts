import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { concat, cut, frame } from './frame.ts';

const few = fc.array(fc.constantFrom('a', 'aa', 'aaa', '1', '11'), { minLength: 2, maxLength: 2 });

test('two contents of one domain never share bytes, though their texts run together alike', () => {
  const part = fc.constantFrom([1, 97], [97, 1], [1, 1]);
  const content = fc.tuple(few, part);
  fc.assert(
    fc.property(content, content, ([ids, bytes], [otherIds, otherBytes]) => {
      const one = frame('d', ids, Uint8Array.from(bytes));
      const other = frame('d', otherIds, Uint8Array.from(otherBytes));
      const same = ids.join() === otherIds.join() && bytes.join() === otherBytes.join();
      expect(Buffer.from(one).equals(other)).toBe(same);
    }),
    { seed: 3, numRuns: 1_000 },
  );
});

test('what begins with one domain is of no other', () => {
  expect([...frame('d', ['a'])]).not.toEqual([...frame('da', [])]);
  expect([...frame('nightjar/x/v1', [])].at(-1)).toBe(0);
});

test('an id that is none is refused', () => {
  for (const wrong of ['', 'ä', 'a b', 'x'.repeat(65), 'a\0'])
    expect(() => frame('d', [wrong])).toThrow(expect.objectContaining({ code: 'malformed' }));
});

test('what was put together is cut into the same parts, and too few bytes into none', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 5 }), (parts) => {
      const lengths = parts.map(({ length }) => length);
      const whole = concat(...parts, Uint8Array.of(7));
      expect(cut(whole, ...lengths)?.map((part) => [...part])).toEqual([
        ...parts.map((part) => [...part]),
        [7],
      ]);
      expect(cut(whole, ...lengths, 2)).toBeUndefined();
    }),
    { seed: 3, numRuns: 300 },
  );
});
