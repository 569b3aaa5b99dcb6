import type { Effect } from '@nightjar/contracts/effect';
import type { State } from '../dev/state.ts';
import { EffectShape } from './EffectShape.tsx';

const ramp: Effect = {
  output: 'vibrate',
  durationMs: 6_000,
  points: [
    { atMs: 0, level: 0 },
    { atMs: 6_000, level: 1_000 },
  ],
};

const pulse: Effect = {
  output: 'vibrate',
  durationMs: 8_000,
  repeatMs: 1_000,
  points: [
    { atMs: 0, level: 200 },
    { atMs: 500, level: 900 },
    { atMs: 999, level: 200 },
  ],
};

export const effectShapeStates: readonly State[] = [
  { name: 'ramp', element: <EffectShape effect={ramp} /> },
  { name: 'pulse', element: <EffectShape effect={pulse} /> },
];
