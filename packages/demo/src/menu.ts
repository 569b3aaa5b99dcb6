import type { MenuItem } from '@nightjar/contracts/ws-protocol';

/** Effects of different shapes and lengths, and one item without any. */
export const DEMO_MENU: readonly MenuItem[] = [
  {
    itemId: 'buzz',
    name: 'Short buzz',
    price: '25',
    effect: { output: 'vibrate', durationMs: 2_000, points: [{ atMs: 0, level: 600 }] },
  },
  {
    itemId: 'wave',
    name: 'Slow wave',
    price: '60',
    effect: {
      output: 'vibrate',
      durationMs: 8_000,
      points: [
        { atMs: 0, level: 100 },
        { atMs: 1_000, level: 900 },
        { atMs: 2_000, level: 100 },
      ],
      repeatMs: 2_000,
    },
  },
  {
    itemId: 'pulse',
    name: 'Heartbeat',
    price: '40',
    effect: {
      output: 'vibrate',
      durationMs: 5_000,
      points: [
        { atMs: 0, level: 800 },
        { atMs: 150, level: 800 },
        { atMs: 150, level: 0 },
        { atMs: 300, level: 0 },
        { atMs: 300, level: 500 },
        { atMs: 450, level: 500 },
        { atMs: 450, level: 0 },
      ],
      repeatMs: 1_000,
    },
  },
  {
    itemId: 'climb',
    name: 'Long climb',
    price: '120',
    effect: {
      output: 'vibrate',
      durationMs: 15_000,
      points: [
        { atMs: 0, level: 50 },
        { atMs: 15_000, level: 1_000 },
      ],
    },
  },
  { itemId: 'cheers', name: 'A round of applause', price: '10' },
];
