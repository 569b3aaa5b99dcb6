import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CHAT_CHARS_MAX, CHAT_TEXT_STEPS, decodeChatText, encodeChatText, toChatText } from './chat-text.ts';

const malformed = expect.objectContaining({ code: 'malformed' });
const seeded = { seed: 11, numRuns: 500 };
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: 'binary', maxLength: 120 }),
);

test('whatever was typed is either unfit, or comes back from its bytes as it was sealed', () => {
  fc.assert(
    fc.property(anyText, (typed) => {
      const text = toChatText(typed);
      if (text === undefined) return;
      const bytes = encodeChatText(text);
      expect(CHAT_TEXT_STEPS).toContain(bytes.length);
      expect(decodeChatText(bytes)).toBe(text);
      expect(toChatText(text)).toBe(text);
    }),
    seeded,
  );
});

test.each([
  ['  good \t evening\r\n', 'good evening'],
  ['e\u0301te\u0301', 'été'],
  ['a\u202egnp.exe', 'agnp.exe'],
  ['z\u200bw\u2060\ufeff', 'zw'],
  ['\u0000bell\u0007\u009f', 'bell'],
  ['\ud800lone', 'lone'],
  ['👩🏽‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 שלום', '👩🏽‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 שלום'],
])('%j is sealed as %j', (typed, text) => {
  expect(toChatText(typed)).toBe(text);
});

test.each(['', ' ', '\u200b', '\n\n', 'x'.repeat(CHAT_CHARS_MAX + 1), '😀'.repeat(CHAT_CHARS_MAX + 1)])(
  'nothing, or too much, is unfit: %#',
  (typed) => {
    expect(toChatText(typed)).toBeUndefined();
    expect(() => encodeChatText(typed)).toThrow(malformed);
  },
);

test('the longest text fits whatever its characters are', () => {
  const longest = '😀'.repeat(CHAT_CHARS_MAX);
  expect(decodeChatText(encodeChatText(longest))).toBe(longest);
});

test('texts of one step have one length', () => {
  const lengths = new Set(Array.from({ length: 62 }, (_, i) => encodeChatText('x'.repeat(i + 1)).length));
  expect([...lengths]).toEqual([64]);
});

test('bytes are read only as they would have been written', () => {
  const good = encodeChatText('good evening');
  fc.assert(
    fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
      const bytes = good.slice();
      bytes[at] = byte;
      try {
        expect([...encodeChatText(decodeChatText(bytes))]).toEqual([...bytes]);
      } catch (error) {
        expect(error).toEqual(malformed);
      }
    }),
    seeded,
  );
});

test.each([
  ['a control character', [0, 3, 97, 7, 98]],
  ['not UTF-8', [0, 2, 0xc3, 0x28]],
  ['a byte order mark', [0, 4, 0xef, 0xbb, 0xbf, 97]],
  ['a length beyond the end', [255, 255, 97]],
  ['nothing', [0, 0]],
  ['something behind the text', [0, 1, 97, 98]],
])('%s is refused', (_what, begin) => {
  const bytes = new Uint8Array(64);
  bytes.set(begin);
  expect(() => decodeChatText(bytes)).toThrow(malformed);
});

test('a larger step than is needed is refused: length says nothing but the step', () => {
  const bytes = new Uint8Array(128);
  bytes.set(encodeChatText('short'));
  expect(() => decodeChatText(bytes)).toThrow(malformed);
  expect(() => decodeChatText(new Uint8Array())).toThrow(malformed);
});
