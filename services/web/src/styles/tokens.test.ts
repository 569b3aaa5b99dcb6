import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8');

function colours(block: RegExp): Map<string, string> {
  const body = block.exec(css)?.[1] ?? '';
  return new Map(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

const themes = {
  dark: colours(/^:root \{([^}]*)\}/m),
  light: colours(/:root\[data-theme="light"\] \{([^}]*)\}/),
  'light by preference': colours(/:root:not\(\[data-theme="dark"\]\) \{([^}]*)\}/),
};

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

test('a person who chose the light theme sees the same as one whose system is light', () => {
  expect(themes['light by preference']).toEqual(themes.light);
  expect(themes.light.size).toBe(themes.dark.size);
});
