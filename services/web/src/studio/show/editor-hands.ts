import type { GoalDraft } from './face-draft.ts';
import type { ItemDraft } from './menu-draft.ts';
import type { EditorState } from './room-editor.ts';

/** What a person does with title, tags, menu and goal. */
export interface EditorHands {
  setFace(change: Partial<Pick<EditorState, 'title' | 'tags'>>): void;
  saveFace(): Promise<boolean>;
  setItems(items: readonly ItemDraft[]): void;
  changeItem(itemId: string, change: Partial<ItemDraft>): void;
  saveMenu(): Promise<boolean>;
  setGoal(draft: GoalDraft | undefined): void;
  saveGoal(): Promise<boolean>;
  clearGoal(): Promise<void>;
}
