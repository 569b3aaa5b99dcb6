import type { State } from '../dev/state.ts';
import { Switch } from './Switch.tsx';

export const switchStates: readonly State[] = [
  { name: 'off', element: <Switch label="Blur stills" checked={false} onChange={() => {}} /> },
  {
    name: 'on',
    element: <Switch label="Blur stills" hint="Until you want to see one." checked onChange={() => {}} />,
  },
];
