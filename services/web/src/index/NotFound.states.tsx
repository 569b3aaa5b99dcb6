import { Head } from '../components/Page.tsx';
import type { State } from '../dev/state.ts';
import { NotFound } from './NotFound.tsx';

export const notFoundStates: readonly State[] = [
  {
    name: 'not found',
    screen: true,
    element: (
      <>
        <Head at="room" />
        <main>
          <NotFound />
        </main>
      </>
    ),
  },
];
