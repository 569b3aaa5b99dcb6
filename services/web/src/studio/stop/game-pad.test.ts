import { expect, test } from '@jest/globals';
import { padPress } from './game-pad.ts';

const pad = (...pressed: boolean[]) => ({
  index: 0,
  buttons: pressed.map((down) => ({ pressed: down, touched: down, value: down ? 1 : 0 })),
});

test('any of the four face buttons stops, once for each press', () => {
  for (const i of [0, 1, 2, 3]) {
    const down = pad(...[0, 1, 2, 3].map((at) => at === i));
    const first = padPress(new Map(), [null, down]);
    expect(first.pressed).toBe(true);
    const held = padPress(first.now, [null, down]);
    expect(held.pressed).toBe(false);
    const released = padPress(held.now, [null, pad(false, false, false, false)]);
    expect(released.pressed).toBe(false);
    expect(padPress(released.now, [null, down]).pressed).toBe(true);
  }
});

test('a pad that is gone and comes back with a button down stops', () => {
  const first = padPress(new Map(), [pad(true)]);
  const gone = padPress(first.now, [null]);
  expect(gone.pressed).toBe(false);
  expect(padPress(gone.now, [pad(true)]).pressed).toBe(true);
});

test('a shoulder button or a stick that is bumped stops nothing', () => {
  expect(padPress(new Map(), [pad(false, false, false, false, true, true)]).pressed).toBe(false);
});
