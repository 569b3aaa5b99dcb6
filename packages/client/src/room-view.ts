import type {
  GoalEntry,
  KeeperEntry,
  LogEntry,
  MenuEntry,
  RoomEntry,
  SanctionEntry,
  ShowEntry,
  Welcome,
} from '@nightjar/contracts/ws-protocol';

/** What the room is saving up for, and how far it is. */
export interface GoalView {
  readonly goalId: string;
  readonly title: string;
  readonly amount: bigint;
  readonly reached: bigint;
}

/** A room as its log tells it. */
export interface RoomView {
  /** Undefined: there was never one, or nothing is known yet. */
  readonly show?: ShowEntry;
  readonly menu?: MenuEntry;
  readonly room?: RoomEntry;
  readonly goal?: GoalView;
  /** The keeper's last statement; RoomChat checks it. */
  readonly keeper?: KeeperEntry;
  /** We were silenced until then (RFC 3339). It may be over. */
  readonly silencedUntil?: string;
  readonly viewers: number;
  /** When the goal was set: what was settled before does not count. */
  readonly goalAt?: string;
}

export function newRoomView(): RoomView {
  return { viewers: 0 };
}

/** A welcome that went on where we were says nothing new but how many watch. */
export function viewAfterWelcome(view: RoomView, welcome: Welcome, recovered: boolean): RoomView {
  const { viewers, snapshot, silencedUntil } = welcome;
  if (recovered) return { ...view, viewers };
  const { show, menu, room, goal, keeper } = snapshot;
  return {
    viewers,
    ...(show ? { show } : {}),
    ...(menu ? { menu } : {}),
    ...(room ? { room } : {}),
    ...(keeper ? { keeper } : {}),
    ...(silencedUntil === undefined ? {} : { silencedUntil }),
    ...(goal ? goalOf(goal, BigInt(goal.reached)) : {}),
  };
}

/** @param pseudonym our own, where we have one */
export function viewAfterEntry(view: RoomView, entry: LogEntry, pseudonym?: string): RoomView {
  switch (entry.kind) {
    case 'show':
      return { ...view, show: entry };
    case 'menu':
      return { ...view, menu: entry };
    case 'room':
      return { ...view, room: entry };
    case 'keeper':
      return { ...view, keeper: entry };
    case 'goal': {
      const { goal: _goal, goalAt: _goalAt, ...rest } = view;
      return { ...rest, ...goalOf(entry, 0n, entry.at) };
    }
    case 'tip':
      return entry.held ? view : reaching(view, entry.amount, entry.at);
    case 'settled':
      return reaching(view, entry.settled, entry.at);
    case 'sanction':
      return entry.who === pseudonym ? silenced(view, entry) : view;
    default:
      return view;
  }
}

function goalOf({ goal }: GoalEntry, reached: bigint, at?: string): Pick<RoomView, 'goal' | 'goalAt'> {
  if (!goal) return {};
  const { goalId, title, amount } = goal;
  return {
    goal: { goalId, title, amount: BigInt(amount), reached },
    ...(at === undefined ? {} : { goalAt: at }),
  };
}

/** What was settled before the goal was set does not count, though its entry may come later. */
function reaching(view: RoomView, amount: string, at: string): RoomView {
  const { goal, goalAt } = view;
  if (!goal || (goalAt !== undefined && Date.parse(at) < Date.parse(goalAt))) return view;
  return { ...view, goal: { ...goal, reached: goal.reached + BigInt(amount) } };
}

function silenced(view: RoomView, { what, until }: SanctionEntry): RoomView {
  const { silencedUntil: _before, ...rest } = view;
  return what === 'silenced' && until !== undefined ? { ...rest, silencedUntil: until } : rest;
}
