import type { BackupState } from '@nightjar/client/browser/key-database';
import type { ProblemError } from '@nightjar/client/problem-error';
import { Store } from '../lib/store.ts';

/** The part of the key database that a backup needs. */
export interface BackupKeys {
  backupState(): Promise<BackupState>;
  backup(): Promise<string | undefined>;
  forgetSecret(): Promise<void>;
  restore(code: string): Promise<void>;
}

export type BackupView =
  | { readonly is: 'asking' }
  /** Of `impossible` and `done` there is no code to show any more. */
  | { readonly is: BackupState }
  /** `mistaken`: what was typed is not the code's last group. */
  | { readonly is: 'shown'; readonly groups: readonly string[]; readonly mistaken: boolean }
  /** This browser keeps nothing, so there is nothing to back up either. */
  | { readonly is: 'keeps-nothing' };

export type RestoreView =
  | { readonly is: 'ready'; readonly title?: string }
  /** The code is a good one. Keys are here already: they would be replaced. */
  | { readonly is: 'sure'; readonly code: string }
  | { readonly is: 'restoring' }
  | { readonly is: 'restored' };

/** The printed code: shown while its secret is here, and read in again. */
export class BackupModel {
  readonly backup = new Store<BackupView>({ is: 'asking' });
  readonly restoring = new Store<RestoreView>({ is: 'ready' });
  readonly #keys: BackupKeys;
  readonly #check: (code: string) => void;

  /** @param check throws ProblemError for a code with an error in it */
  constructor(keys: BackupKeys, check: (code: string) => void) {
    this.#keys = keys;
    this.#check = check;
  }

  async open(): Promise<void> {
    try {
      this.backup.set({ is: await this.#keys.backupState() });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.backup.set({ is: 'keeps-nothing' });
    }
  }

  /** Shows the code; makes the keys where there are none yet. */
  async show(): Promise<void> {
    const code = await this.#keys.backup();
    if (code === undefined) return this.open();
    this.backup.set({ is: 'shown', groups: code.split(' '), mistaken: false });
  }

  hide(): void {
    if (this.backup.current.is === 'shown') this.backup.set({ is: 'possible' });
  }

  /**
   * The person has it, and shows so by the code's last group: from now on the secret is on paper alone.
   *
   * @returns whether it was the right group
   */
  async have(lastGroup: string): Promise<boolean> {
    const view = this.backup.current;
    if (view.is !== 'shown') return false;
    if (plain(lastGroup) !== plain(view.groups.at(-1) ?? '')) {
      this.backup.set({ ...view, mistaken: true });
      return false;
    }
    await this.#keys.forgetSecret();
    await this.open();
    return true;
  }

  /** Takes the keys of a typed code. Where keys are here already it asks once: those are lost without a code of their own. */
  async restore(typed: string): Promise<void> {
    try {
      this.#check(typed);
    } catch (error) {
      const { name, title } = error as ProblemError;
      if (name !== 'ProblemError') throw error;
      this.restoring.set({ is: 'ready', title });
      return;
    }
    if (this.backup.current.is === 'nothing') await this.#take(typed);
    else this.restoring.set({ is: 'sure', code: typed });
  }

  async sure(): Promise<void> {
    const view = this.restoring.current;
    if (view.is === 'sure') await this.#take(view.code);
  }

  /** Back to what was typed, or on after it was changed. */
  ready(): void {
    if (this.restoring.current.is !== 'restoring') this.restoring.set({ is: 'ready' });
  }

  async #take(code: string): Promise<void> {
    this.restoring.set({ is: 'restoring' });
    await this.#keys.restore(code);
    await this.open();
    this.restoring.set({ is: 'restored' });
  }
}

/** As the code's reader takes it: what paper makes alike is the same. */
function plain(group: string): string {
  return group.trim().toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
}
