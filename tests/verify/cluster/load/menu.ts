import type { MenuItem } from '@nightjar/contracts/ws-protocol';

/** What is tipped for, and how often, of a hundred. */
interface Offer {
  readonly item: MenuItem;
  readonly weight: number;
}

/**
 * At five tips a second the device moves for almost half of the time, so that what dies often dies in the middle of an
 * effect, and what waits meanwhile is soon caught up with.
 */
const OFFERS: readonly Offer[] = [
  { item: { itemId: 'hello', name: 'Hello', price: '1' }, weight: 65 },
  { item: { itemId: 'short', name: 'Short', price: '2', effect: effect(100) }, weight: 30 },
  { item: { itemId: 'second', name: 'A second', price: '5', effect: effect(1_000) }, weight: 4 },
  { item: { itemId: 'long', name: 'Long', price: '10', effect: effect(2_000) }, weight: 1 },
];

export const MENU: readonly MenuItem[] = OFFERS.map(({ item }) => item);

/** @param share 0 to 1 */
export function itemAt(share: number): MenuItem {
  let left = share * OFFERS.reduce((sum, { weight }) => sum + weight, 0);
  for (const { item, weight } of OFFERS) {
    left -= weight;
    if (left < 0) return item;
  }
  throw new RangeError('a share is 0 to 1');
}

function effect(durationMs: number) {
  return { output: 'vibrate', durationMs, points: [{ atMs: 0, level: 1_000 }] } as const;
}
