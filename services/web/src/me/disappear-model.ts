import type { ProblemError } from '@nightjar/client/problem-error';
import { Store } from '../lib/store.ts';

export const STEPS = ['account', 'keys', 'lists'] as const;
/** `account`: at the server. `keys`: of this browser, the wallet's too. `lists`: what pages kept here. */
export type Step = (typeof STEPS)[number];

export type DisappearView =
  | { readonly is: 'ready' }
  | { readonly is: 'sure' }
  | { readonly is: 'going'; readonly done: readonly Step[] }
  | { readonly is: 'gone' }
  /** What is in `done` is gone all the same; the rest is still there. */
  | { readonly is: 'failed'; readonly title: string; readonly done: readonly Step[] };

/** Makes somebody disappear. The server comes first: without its word nothing here is thrown away. */
export class Disappear {
  readonly view = new Store<DisappearView>({ is: 'ready' });
  readonly #steps: Readonly<Record<Step, () => Promise<void>>>;

  constructor(steps: Readonly<Record<Step, () => Promise<void>>>) {
    this.#steps = steps;
  }

  ask(): void {
    if (this.view.current.is === 'ready' || this.view.current.is === 'failed') this.view.set({ is: 'sure' });
  }

  keep(): void {
    if (this.view.current.is === 'sure') this.view.set({ is: 'ready' });
  }

  async go(): Promise<void> {
    if (this.view.current.is !== 'sure' && this.view.current.is !== 'failed') return;
    let done: readonly Step[] = [];
    this.view.set({ is: 'going', done });
    try {
      for (const step of STEPS) {
        await this.#steps[step]();
        done = [...done, step];
        this.view.set({ is: 'going', done });
      }
      this.view.set({ is: 'gone' });
    } catch (error) {
      const { name, title, message } = error as ProblemError;
      if (name !== 'ProblemError' && !(error instanceof DOMException)) throw error;
      this.view.set({ is: 'failed', title: title ?? message, done });
    }
  }
}
