import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8');

/** Each colour by its name, in one theme; one that is written once is the same in both. */
function colours(theme: 'light' | 'dark'): Map<string, string> {
  const written = css.matchAll(/--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));/g);
  return new Map(
    [...written].map(([, name = '', light, dark, both = '']) => [
      name,
      (theme === 'light' ? light : dark) ?? both,
    ]),
  );
}

const themes = { dark: colours('dark'), light: colours('light') };

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['ground', 'ground-raised', 'ground-high'];
const pairs: [string, string, number][] = [
  ...grounds.flatMap((ground): [string, string, number][] => [
    ...['ink', 'ink-soft', 'ink-faint', 'ember', 'tide'].map((ink): [string, string, number] => [
      ink,
      ground,
      4.5,
    ]),
    ['line-strong', ground, 3],
    ['stop', ground, 3],
    ['focus', ground, 3],
  ]),
  ['ember', 'ember-ground', 4.5],
  ['tide', 'tide-ground', 4.5],
  ['on-ember', 'ember', 4.5],
  ['on-stop', 'stop', 4.5],
  ['on-stop', 'stop-pressed', 4.5],
  ['on-live', 'live', 4.5],
];

test.each(Object.entries(themes))(
  '%s: whatever is read can be read (WCAG 2.2, 1.4.3 and 1.4.11)',
  (_, theme) => {
    const tooWeak = pairs.flatMap(([front, back, least]) => {
      const ratio = contrast(theme.get(front) ?? '', theme.get(back) ?? '');
      return ratio >= least ? [] : [`${front} on ${back}: ${ratio.toFixed(2)} of ${least}`];
    });
    expect(tooWeak).toEqual([]);
  },
);

test('a theme is chosen by hand in the way in which a system has it', () => {
  for (const theme of ['dark', 'light'])
    expect(css).toContain(`:root[data-theme="${theme}"] {\n  color-scheme: ${theme};\n}`);
  expect(css).toContain('color-scheme: light dark;');
  expect(themes.dark.size).toBeGreaterThan(15);
});
