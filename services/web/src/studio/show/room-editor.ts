import type { Goal, Menu, Room, Rooms } from '@nightjar/client/rooms';
import { Store } from '../../lib/store.ts';
import { codeOf, problemWords } from '../problem-words.ts';
import { type GoalDraft, goalFaults, titleFault } from './face-draft.ts';
import { draftsOf, type ItemDraft, itemsOf, menuFaults, STARTER } from './menu-draft.ts';

export type Saved = 'saved' | 'changed' | 'saving';

export interface EditorState {
  readonly title: string;
  readonly tags: readonly string[];
  readonly face: Saved;
  readonly faceProblem?: string;
  readonly items: readonly ItemDraft[];
  readonly menu: Saved;
  readonly menuProblem?: string;
  /** Faults are shown at their fields from the first try to save on. */
  readonly menuTried: boolean;
  /** The goal in force. */
  readonly goal?: Goal;
  /** Undefined: nobody writes one. */
  readonly goalDraft?: GoalDraft;
  readonly goalSaving: boolean;
  readonly goalTried: boolean;
  readonly goalProblem?: string;
}

type RoomCalls = Pick<Rooms, 'setFace' | 'putMenu' | 'setGoal' | 'clearGoal' | 'getOwn'>;

/** Title, tags, tip menu and goal of one's room, as they are written and as they are in force. */
export class RoomEditor {
  readonly state: Store<EditorState>;
  readonly #rooms: RoomCalls;
  readonly #roomId: string;
  #version: number;

  constructor(rooms: RoomCalls, room: Room) {
    const { title, tags, menu, goal, roomId } = room;
    this.#rooms = rooms;
    this.#roomId = roomId;
    this.#version = menu.version;
    // Whoever never had a menu begins with one that works; it is theirs once it is saved.
    const fresh = menu.version === 0;
    this.state = new Store<EditorState>({
      title,
      tags,
      face: 'saved',
      items: fresh ? STARTER : draftsOf(menu.items),
      menu: fresh ? 'changed' : 'saved',
      menuTried: false,
      ...(goal ? { goal } : {}),
      goalSaving: false,
      goalTried: false,
    });
  }

  setFace(change: Partial<Pick<EditorState, 'title' | 'tags'>>): void {
    this.#say({ ...change, face: 'changed' }, 'faceProblem');
  }

  setItems(items: readonly ItemDraft[]): void {
    this.#say({ items, menu: 'changed' }, 'menuProblem');
  }

  changeItem(itemId: string, change: Partial<ItemDraft>): void {
    this.setItems(
      this.state.current.items.map((item) => (item.itemId === itemId ? { ...item, ...change } : item)),
    );
  }

  setGoal(goalDraft: GoalDraft | undefined): void {
    const { goalDraft: _draft, goalProblem: _problem, ...state } = this.state.current;
    this.state.set({ ...state, goalTried: false, ...(goalDraft ? { goalDraft } : {}) });
  }

  /** @returns whether what is written is in force */
  async saveAll(): Promise<boolean> {
    const face = await this.saveFace();
    const menu = await this.saveMenu();
    const goal = this.state.current.goalDraft === undefined || (await this.saveGoal());
    return face && menu && goal;
  }

  async saveFace(): Promise<boolean> {
    const { title, tags, face } = this.state.current;
    if (face === 'saved') return true;
    if (titleFault(title) !== undefined) return false;
    this.#say({ face: 'saving' }, 'faceProblem');
    try {
      const room = await this.#rooms.setFace(this.#roomId, { title: title.trim(), tags });
      this.#say({ title: room.title, tags: room.tags, face: 'saved' });
      return true;
    } catch (error) {
      this.#say({ face: 'changed', faceProblem: problemWords(error) });
      return false;
    }
  }

  async saveMenu(): Promise<boolean> {
    const { items, menu } = this.state.current;
    if (menu === 'saved') return true;
    this.#say({ menuTried: true }, 'menuProblem');
    if (menuFaults(items).size > 0) return false;
    this.#say({ menu: 'saving' });
    try {
      this.#took(await this.#rooms.putMenu(this.#roomId, { version: this.#version, items: itemsOf(items) }));
      return true;
    } catch (error) {
      if (codeOf(error) === 'menu_changed') await this.#readMenu();
      this.#say({
        ...(codeOf(error) === 'menu_changed' ? {} : { menu: 'changed' as const }),
        menuProblem: problemWords(error),
      });
      return false;
    }
  }

  async saveGoal(): Promise<boolean> {
    const { goalDraft } = this.state.current;
    if (!goalDraft) return true;
    this.#say({ goalTried: true }, 'goalProblem');
    if (Object.keys(goalFaults(goalDraft)).length > 0) return false;
    this.#say({ goalSaving: true });
    try {
      const title = goalDraft.title.trim();
      const goal = await this.#rooms.setGoal(this.#roomId, {
        title,
        amount: BigInt(goalDraft.amount.trim()),
      });
      const { goalDraft: _draft, ...state } = this.state.current;
      this.state.set({ ...state, goal, goalSaving: false, goalTried: false });
      return true;
    } catch (error) {
      this.#say({ goalSaving: false, goalProblem: problemWords(error) });
      return false;
    }
  }

  async clearGoal(): Promise<void> {
    this.#say({ goalSaving: true }, 'goalProblem');
    try {
      await this.#rooms.clearGoal(this.#roomId);
      const { goal: _goal, ...state } = this.state.current;
      this.state.set({ ...state, goalSaving: false });
    } catch (error) {
      this.#say({ goalSaving: false, goalProblem: problemWords(error) });
    }
  }

  /** What is in force now is shown; if even that cannot be read, the next try to save reads it. */
  async #readMenu(): Promise<void> {
    try {
      this.#took((await this.#rooms.getOwn(this.#roomId)).menu);
    } catch {
      this.#say({ menu: 'changed' });
    }
  }

  #took({ version, items }: Menu): void {
    this.#version = version;
    this.#say({ items: draftsOf(items), menu: 'saved', menuTried: false });
  }

  #say(change: Partial<EditorState>, without?: 'faceProblem' | 'menuProblem' | 'goalProblem'): void {
    this.state.update((state) => {
      const next = { ...state, ...change };
      if (without) delete next[without];
      return next;
    });
  }
}
