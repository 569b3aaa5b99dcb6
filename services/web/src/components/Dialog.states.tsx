import type { State } from '../dev/state.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

const actions = (
  <>
    <Button>Keep it</Button>
    <Button look="solid">End the show</Button>
  </>
);

export const dialogStates: readonly State[] = [
  {
    name: 'question',
    screen: true,
    element: (
      <main>
        <h1>Behind it</h1>
        <Dialog title="End the show?" actions={actions} onClose={() => {}}>
          <p>Everybody in the room sees that it is over. You can begin another one at any time.</p>
        </Dialog>
      </main>
    ),
  },
  {
    name: 'sheet',
    screen: true,
    element: (
      <main>
        <h1>Behind it</h1>
        <Dialog title="Tip" as="sheet" actions={actions} onClose={() => {}}>
          <p>On a phone it comes from below.</p>
        </Dialog>
      </main>
    ),
  },
  {
    name: 'only answered',
    screen: true,
    element: (
      <main>
        <h1>Behind it</h1>
        <Dialog title="Are you 18 or older?" actions={actions}>
          <p>The operator asks everybody.</p>
        </Dialog>
      </main>
    ),
  },
];
