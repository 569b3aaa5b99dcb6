import type { State } from '../dev/state.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export const noticeStates: readonly State[] = [
  { name: 'info', element: <Notice title="The show begins in a moment">Stay, it comes by itself.</Notice> },
  {
    name: 'problem',
    element: (
      <Notice kind="problem" title="The server cannot be reached" actions={<Button>Try again</Button>}>
        What you see is from a minute ago. Check your connection.
      </Notice>
    ),
  },
];
