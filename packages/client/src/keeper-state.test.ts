import { expect, test } from '@jest/globals';
import { keeperKeyName, withExcluded, withNewKey, withoutExcluded } from './keeper-state.ts';
import { assertKeyName } from './key-store.ts';
import { KEEPER_KEYS_KEPT } from './limits.ts';

test('numbers only count up, also over a store that was lost', () => {
  const first = withNewKey(undefined, 'k1', {});
  expect(first).toEqual({ number: 1, keys: ['k1'], excluded: [] });
  expect(withNewKey(first, 'k2', {}).number).toBe(2);
  expect(withNewKey(undefined, 'k1', { number: 41 }).number).toBe(42);
  expect(withNewKey({ ...first, number: 50 }, 'k2', { number: 41 }).number).toBe(51);
});

test('who was shut out stays out for the show, and no longer', () => {
  const first = withExcluded(withNewKey(undefined, 'k1', { showId: 'show_1' }), 'pn_1');
  expect(withExcluded(first, 'pn_1')).toBe(first);
  expect(withNewKey(first, 'k2', { showId: 'show_1' }).excluded).toEqual(['pn_1']);
  expect(withNewKey(first, 'k2', { showId: 'show_2' }).excluded).toEqual([]);
  expect(withoutExcluded(first, 'pn_1').excluded).toEqual([]);
});

test('only so many keys are kept, the latest', () => {
  let state = withNewKey(undefined, 'k0', {});
  for (let i = 1; i <= KEEPER_KEYS_KEPT; i += 1) state = withNewKey(state, `k${i}`, {});
  expect(state.keys).toHaveLength(KEEPER_KEYS_KEPT);
  expect(state.keys.at(-1)).toBe(`k${KEEPER_KEYS_KEPT}`);
  expect(state.keys).not.toContain('k0');
});

test('each room has a name for its keeper’s key that a key store takes', () => {
  const one = keeperKeyName('room_01938c2e-1111-7000-8000-0123456789ab');
  const other = keeperKeyName('room_01938c2e-1111-7000-8000-0123456789ac');
  for (const name of [one, other]) assertKeyName(name);
  expect(one).not.toBe(other);
});
