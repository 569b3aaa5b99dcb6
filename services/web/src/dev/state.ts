import type { ReactNode } from 'react';

/**
 * One state of a component or a screen, drawn from what a view-model might say, with no network. A file
 * `<name>.states.tsx` beside a component exports a list of them; the page of all states finds it by itself.
 */
export interface State {
  /** What a person would call it: 'first visit', 'refused'. */
  readonly name: string;
  readonly element: ReactNode;
  /** Drawn over the whole window, without a margin: screens and dialogs. */
  readonly screen?: boolean;
}
