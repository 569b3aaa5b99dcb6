import type { Fence, Fences } from '@nightjar/client/fences';
import { Store } from '../../lib/store.ts';
import { codeOf, problemWords } from '../problem-words.ts';
import { draftOfRules, type FenceDraft, fenceFault, OPEN_TO_ALL, rulesOf } from './fence-draft.ts';

export interface FenceState {
  readonly phase: 'loading' | 'ready' | 'saving' | 'failed';
  /** `finer`: its rules say more than a list of countries can, so they stay as they are. */
  readonly kind: 'list' | 'finer';
  readonly draft: FenceDraft;
  /** What is in force differs from the draft. */
  readonly changed: boolean;
  readonly problem?: string;
  /** Saved, but not everywhere yet. */
  readonly spreading: boolean;
}

export const FENCE_LOADING: FenceState = {
  phase: 'loading',
  kind: 'list',
  draft: OPEN_TO_ALL,
  changed: false,
  spreading: false,
};

/** Who may see one's room: read, changed here, written back over the version that was read. */
export class FenceModel {
  readonly state = new Store<FenceState>(FENCE_LOADING);
  readonly #fences: Pick<Fences, 'get' | 'put'>;
  readonly #roomId: string;
  #fence: Fence | undefined;

  constructor(fences: Pick<Fences, 'get' | 'put'>, roomId: string) {
    this.#fences = fences;
    this.#roomId = roomId;
  }

  async load(): Promise<void> {
    this.state.set(FENCE_LOADING);
    try {
      this.#took(await this.#fences.get(this.#roomId));
    } catch (error) {
      this.state.update((state) => ({ ...state, phase: 'failed', problem: problemWords(error) }));
    }
  }

  change(change: Partial<FenceDraft>): void {
    const { problem: _p, ...state } = this.state.current;
    const draft = { ...state.draft, ...change };
    this.state.set({ ...state, draft, changed: !same(draft, this.#fence && draftOfRules(this.#fence)) });
  }

  /** @returns whether what is shown is in force */
  async save(): Promise<boolean> {
    const { draft, kind, changed } = this.state.current;
    const fence = this.#fence;
    if (!fence) return false;
    if (kind === 'finer' || !changed) return true;
    const fault = fenceFault(draft);
    if (fault) {
      this.state.update((state) => ({ ...state, problem: fault }));
      return false;
    }
    this.state.update((state) => ({ ...state, phase: 'saving' }));
    try {
      const { fence: now, published } = await this.#fences.put(this.#roomId, {
        ...rulesOf(draft),
        version: fence.version,
      });
      this.#took(now);
      this.state.update((state) => ({ ...state, spreading: !published }));
      return true;
    } catch (error) {
      this.state.update((state) => ({ ...state, phase: 'ready', problem: problemWords(error) }));
      if (codeOf(error) === 'fence_changed') await this.load();
      return false;
    }
  }

  #took(fence: Fence): void {
    this.#fence = fence;
    const draft = draftOfRules(fence);
    this.state.set({
      phase: 'ready',
      kind: draft ? 'list' : 'finer',
      draft: draft ?? OPEN_TO_ALL,
      changed: false,
      spreading: false,
    });
  }
}

function same(a: FenceDraft, b: FenceDraft | undefined): boolean {
  return JSON.stringify(b && rulesOf(b)) === JSON.stringify(rulesOf(a));
}
