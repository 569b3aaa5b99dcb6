import type { State } from '../dev/state.ts';
import { Button } from './Button.tsx';
import { Empty } from './Empty.tsx';

export const emptyStates: readonly State[] = [
  { name: 'with nothing to do', element: <Empty title="No lines yet">The first one could be yours.</Empty> },
  {
    name: 'with a way on',
    element: (
      <Empty title="Nobody is live now" actions={<Button>Look again</Button>}>
        Rooms appear here as soon as they go live.
      </Empty>
    ),
  },
];
