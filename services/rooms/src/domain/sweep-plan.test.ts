import { expect, test } from '@jest/globals';
import { planSweep } from './sweep-plan.ts';

test('rooms of ours without an open show go; pictures are of open shows that somebody publishes in', () => {
  const plan = planSweep(
    [
      { name: 'show_on', publishers: 1 },
      { name: 'show_quiet', publishers: 0, lookedInto: true },
      { name: 'show_over', publishers: 2 },
      { name: 'theirs', publishers: 1 },
    ],
    new Set(['show_on', 'show_quiet', 'show_without_room']),
  );
  expect(plan).toEqual({ remove: ['show_over'], lookedInto: ['show_quiet'], withPicture: ['show_on'] });
});
