import type { LogEntry, MenuEntry, ShowEntry, Welcome } from '@nightjar/contracts/ws-protocol';

/** A room as its log tells it. */
export interface RoomView {
  /** Undefined: there was never one, or nothing is known yet. */
  readonly show?: ShowEntry;
  readonly menu?: MenuEntry;
  readonly viewers: number;
}

export function newRoomView(): RoomView {
  return { viewers: 0 };
}

/** A welcome that went on where we were says nothing new but how many watch. */
export function viewAfterWelcome(view: RoomView, welcome: Welcome, recovered: boolean): RoomView {
  const { viewers, snapshot } = welcome;
  if (recovered) return { ...view, viewers };
  const { show, menu } = snapshot;
  return { viewers, ...(show ? { show } : {}), ...(menu ? { menu } : {}) };
}

export function viewAfterEntry(view: RoomView, entry: LogEntry): RoomView {
  if (entry.kind === 'show') return { ...view, show: entry };
  if (entry.kind === 'menu') return { ...view, menu: entry };
  return view;
}
