import { expect, test } from '@jest/globals';
import { PageWatch } from './page-watch.ts';

/** Asks every half second; the page answers after `lagMs`. @returns when it was silent first */
function silentAfter(lagMs: number, untilMs: number): number | undefined {
  const watch = new PageWatch(0);
  const asked: { n: number; atMs: number }[] = [];
  for (let atMs = 0; atMs <= untilMs; atMs += 50) {
    for (const { n } of asked.filter((each) => each.atMs + lagMs === atMs)) watch.answered(n);
    if (watch.isSilent(atMs)) return atMs;
    if (atMs % 500 === 0) asked.push({ n: watch.ask(atMs), atMs });
  }
  return undefined;
}

test.each([50, 450, 700, 1_400])('a page that takes %d ms to answer is there', (lagMs) => {
  expect(silentAfter(lagMs, 20_000)).toBeUndefined();
});

test.each([2_050, 60_000])('a page that takes %d ms to answer is not', (lagMs) => {
  expect(silentAfter(lagMs, 20_000)).toBe(2_050);
});

test('an answer to nothing that was asked is none', () => {
  const watch = new PageWatch(0);
  watch.answered(7);
  expect(watch.isSilent(2_001)).toBe(true);
});
