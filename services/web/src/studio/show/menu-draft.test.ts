import { expect, test } from '@jest/globals';
import { draftsOf, itemFaults, itemsOf, menuFaults, moved, STARTER, withNewItem } from './menu-draft.ts';

test('what is written is read back, and an effect of another making goes through unchanged', () => {
  const items = [
    ...itemsOf(STARTER),
    {
      itemId: 'own',
      name: 'My own',
      price: '5',
      effect: { output: 'vibrate' as const, durationMs: 900, points: [{ atMs: 3, level: 7 }] },
    },
  ];
  expect(itemsOf(draftsOf(items))).toEqual(items);
});

test('a fault is said at its field, in words that say what would be right', () => {
  expect(itemFaults({ name: ' ', price: '0' })).toEqual({
    name: 'Give it a name that viewers understand.',
    price: 'A whole number of tokens, 1 to 1,000,000.',
  });
  expect(itemFaults({ name: 'x'.repeat(61), price: '1.5' }).name).toContain('under 61');
  expect(itemFaults({ name: 'Wave', price: ' 40 ' })).toEqual({});
  expect(menuFaults([...STARTER, { itemId: 'bad', name: '', price: '1', effect: { is: 'none' } }]).size).toBe(
    1,
  );
});

test('a new item never takes the id of another', () => {
  const some = withNewItem(withNewItem(STARTER, true), false);
  expect(new Set(some.map(({ itemId }) => itemId)).size).toBe(some.length);
  const without = some.toSpliced(2, 1);
  expect(withNewItem(without, true).at(-1)?.itemId).toBe('item-8');
});

test('an item moves by one place, and stays at an end', () => {
  const order = (drafts: { itemId: string }[]) => drafts.map(({ itemId }) => itemId.slice(5)).join('');
  expect(order(moved(STARTER, 0, 1))).toBe('21345');
  expect(order(moved(STARTER, 4, -1))).toBe('12354');
  expect(order(moved(STARTER, 0, -1))).toBe('12345');
});
