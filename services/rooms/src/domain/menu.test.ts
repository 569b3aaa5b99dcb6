import { expect, test } from '@jest/globals';
import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import { menuFault } from './menu.ts';

function item(itemId: string, ...atMs: number[]): MenuItem {
  const effect = {
    output: 'vibrate',
    durationMs: 100,
    points: atMs.map((at) => ({ atMs: at, level: 1 })),
  } as const;
  return { itemId, name: itemId, price: '1', ...(atMs.length ? { effect } : {}) };
}

test.each([
  ['no items', [], undefined],
  ['items without effects', [item('a'), item('b')], undefined],
  ['a jump, two points at one time', [item('a', 0, 50, 50, 100)], undefined],
  ['an id twice', [item('a'), item('b'), item('a')], 'menu_item_twice'],
  ['a name of nothing to see', [{ ...item('a'), name: ' ' }], 'menu_name_invalid'],
  ['a name with a zero byte', [{ ...item('a'), name: 'a\0' }], 'menu_name_invalid'],
  ['back in time', [item('a'), item('b', 0, 50, 49)], 'menu_effect_invalid'],
  ['after the end', [item('a', 0, 101)], 'menu_effect_invalid'],
])('%s', (_, items, fault) => {
  expect(menuFault(items)).toBe(fault);
});
