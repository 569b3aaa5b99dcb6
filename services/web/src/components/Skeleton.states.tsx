import type { State } from '../dev/state.ts';
import { Skeleton } from './Skeleton.tsx';

export const skeletonStates: readonly State[] = [
  { name: 'a line', element: <Skeleton height={20} label="Loading" /> },
  { name: 'a block', element: <Skeleton height={160} /> },
];
