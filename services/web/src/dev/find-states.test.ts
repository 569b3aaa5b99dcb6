import { expect, test } from '@jest/globals';
import { readHash, slugOf, statesFiles } from './find-states.ts';

test('an address names one state, a file of them, or nothing', () => {
  expect(readHash('')).toEqual({});
  expect(readHash('#Button')).toEqual({ file: 'Button' });
  expect(readHash('#Button/Busy%20now')).toEqual({ file: 'Button', state: 'busy-now' });
});

test('a state is found by its name in the address, whatever its name has in it', () => {
  expect(slugOf('First visit: nobody’s here')).toBe('first-visit-nobody-s-here');
});

test('files are in order of their names, and every list that they export is taken', async () => {
  const files = statesFiles({
    '../wallet/Wallet.states.tsx': async () => ({ states: [{ name: 'a' }], more: [{ name: 'b' }], other: 1 }),
    '../components/Button.states.tsx': async () => ({ buttonStates: [] }),
  });
  expect(files.map(({ name }) => name)).toEqual(['Button', 'Wallet']);
  expect((await files[1]?.load())?.map(({ name }) => name)).toEqual(['a', 'b']);
});
