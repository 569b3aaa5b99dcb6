import type { Step } from './kept.ts';
import type { Summary } from './show/summary.ts';

/** Where in the studio a person is. */
export type StudioScreen =
  | { readonly is: 'looking' }
  /** The operator has not made this key a broadcaster. */
  | { readonly is: 'stranger'; readonly publicKey: string }
  | { readonly is: 'failed'; readonly problem: string }
  | { readonly is: 'no_room'; readonly busy: boolean; readonly problem?: string }
  | { readonly is: 'set_up'; readonly step: Step }
  | { readonly is: 'preview'; readonly busy: boolean; readonly problem?: string }
  /** A show is on that this page does not send: it was reloaded, or another device sends it. */
  | {
      readonly is: 'still_live';
      readonly startedWall: number;
      readonly busy: boolean;
      readonly problem?: string;
    }
  | { readonly is: 'live' }
  | { readonly is: 'summary'; readonly summary: Summary };
