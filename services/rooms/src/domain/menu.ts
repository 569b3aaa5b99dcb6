import type { MenuItem } from '@nightjar/contracts/ws-protocol';

export interface Menu {
  readonly version: number;
  /** In the order that they are shown. */
  readonly items: readonly MenuItem[];
}

export const EMPTY_MENU: Menu = { version: 0, items: [] };

/** What the schema cannot say about a menu's items; undefined when nothing is wrong. */
export function menuFault(
  items: readonly MenuItem[],
): 'menu_item_twice' | 'menu_name_invalid' | 'menu_effect_invalid' | undefined {
  if (items.some(({ name }) => /\p{Cc}/u.test(name) || name.trim() === '')) return 'menu_name_invalid';
  if (new Set(items.map(({ itemId }) => itemId)).size < items.length) return 'menu_item_twice';
  const wrong = items.some(({ effect }) =>
    effect?.points.some(
      ({ atMs }, i) => atMs > effect.durationMs || atMs < (effect.points[i - 1]?.atMs ?? 0),
    ),
  );
  return wrong ? 'menu_effect_invalid' : undefined;
}
