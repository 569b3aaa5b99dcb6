import { expect, test } from '@jest/globals';
import { type ChatLine, linesAfter, linesWithout } from './chat-lines.ts';
import { LINES_KEPT } from './limits.ts';

const line = (id: string, text?: string): ChatLine => ({
  ...{ id, from: 'pn_1', at: '2026-01-01T00:00:00Z', mine: false, past: false },
  ...(text === undefined ? { unreadable: 'no_key' as const } : { text }),
});

test('a line that can be read after all keeps its place', () => {
  const lines = [line('a'), line('b'), line('c')].reduce(linesAfter, [] as readonly ChatLine[]);
  const now = linesAfter(lines, line('b', 'hello'));
  expect(now.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(now[1]).toMatchObject({ text: 'hello' });
});

test('only so many are kept, the latest', () => {
  let lines: readonly ChatLine[] = [];
  for (let i = 0; i <= LINES_KEPT; i += 1) lines = linesAfter(lines, line(`${i}`));
  expect(lines).toHaveLength(LINES_KEPT);
  expect(lines[0]?.id).toBe('1');
});

test('a line that is taken away is gone, and a list without it is the same list', () => {
  const lines = [line('a'), line('b')];
  expect(linesWithout(lines, 'a').map(({ id }) => id)).toEqual(['b']);
  expect(linesWithout(lines, 'x')).toBe(lines);
});
