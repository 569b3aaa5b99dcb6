import { Play, Volume2 } from 'lucide-react';
import type { State } from '../dev/state.ts';
import { Button, IconButton } from './Button.tsx';

const looks = ['solid', 'quiet', 'plain', 'ember'] as const;

export const buttonStates: readonly State[] = [
  ...looks.map((look) => ({
    name: look,
    element: (
      <Button look={look} icon={<Play aria-hidden="true" />}>
        Watch
      </Button>
    ),
  })),
  {
    name: 'large',
    element: (
      <Button look="solid" size="l">
        Watch
      </Button>
    ),
  },
  { name: 'busy', element: <Button busy>Asking</Button> },
  { name: 'disabled', element: <Button disabled>Watch</Button> },
  {
    name: 'icon',
    element: (
      <IconButton label="Sound on">
        <Volume2 aria-hidden="true" />
      </IconButton>
    ),
  },
];
