import { effectFromProto } from '@nightjar/contracts/effect-proto';
import {
  type GetRoomResponse,
  type Goal,
  type Menu,
  Sanction as ProtoSanction,
  type RoomEvent,
  type RoomFace,
  type Show,
  type ViewerSanctioned,
} from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type {
  GoalEntry,
  LogEntry,
  MenuEntry,
  RoomEntry,
  SanctionEntry,
  ShowEntry,
} from '@nightjar/contracts/ws-protocol';
import { isoTime, type Logged } from './log-entry.ts';
import { sanctionField, sanctionValue } from './sanctions.ts';

/** An entry that is in the snapshot as it is. */
interface Kept extends Logged {
  readonly set: { readonly field: string; readonly value: string };
}

const SANCTIONS: Partial<Record<ProtoSanction, SanctionEntry['what']>> = {
  [ProtoSanction.LIFTED]: 'lifted',
  [ProtoSanction.SILENCED]: 'silenced',
  [ProtoSanction.REMOVED]: 'removed',
  [ProtoSanction.BANNED]: 'banned',
};

/** The snapshot's field of what counted towards the goal; redis/room.lua has the name, too. */
export const GOAL_REACHED_FIELD = 'goal:reached';

/** What a room's own event is in its log; undefined for events of a newer version. */
export function fromRooms({ at: time, body }: RoomEvent): Logged | undefined {
  const at = isoTime(time);
  switch (body.case) {
    case 'showStarted':
      return { ...kept('show', { at, ...showEntry(body.value) }), sweep: 'show' };
    case 'showEnded': {
      const { showId } = body.value;
      return {
        ...kept('show', { at, kind: 'show', showId, state: 'ended', mode: 'public' }),
        sweep: 'show',
      };
    }
    case 'menuChanged':
      return kept('menu', { at, ...menuEntry(body.value) });
    case 'faceChanged':
      return kept('room', { at, ...faceEntry(body.value) });
    case 'goalSet':
      return { ...kept('goal', { at, ...goalEntry(body.value) }), drop: [GOAL_REACHED_FIELD] };
    case 'goalCleared':
      return { entry: { at, kind: 'goal' }, drop: ['goal', GOAL_REACHED_FIELD] };
    case 'viewerSanctioned':
      return sanctioned(at, body.value);
    default:
      return undefined;
  }
}

/** What a room is now, as an empty log begins. Sanctions are no entries there: whom they shut out is not in the room. */
export function roomNow(
  room: Pick<GetRoomResponse, 'menu' | 'show' | 'face' | 'goal' | 'sanctions'>,
  at: string,
): { entries: Kept[]; fields: { field: string; value: string }[] } {
  const { menu, show, face, goal } = room;
  return {
    entries: [
      ...(face ? [kept('room', { at, ...faceEntry(face) })] : []),
      ...(menu ? [kept('menu', { at, ...menuEntry(menu) })] : []),
      ...(show ? [kept('show', { at, ...showEntry(show) })] : []),
      // Its own time and not now: what was settled since then counts when money is read again.
      ...(goal ? [kept('goal', { at: goal.setAt ? isoTime(goal.setAt) : at, ...goalEntry(goal) })] : []),
    ],
    fields: room.sanctions.flatMap((each) => sanctioned(at, each)?.set ?? []),
  };
}

function sanctioned(at: string, value: ViewerSanctioned): Logged | undefined {
  const what = SANCTIONS[value.sanction];
  if (!what || (what === 'silenced' && !value.until)) return undefined;
  const entry = {
    at,
    kind: 'sanction',
    who: value.pseudonym,
    what,
    ...(what === 'silenced' ? { until: isoTime(value.until) } : {}),
  } as const;
  const field = sanctionField(entry.who);
  const state = sanctionValue(entry);
  return { entry, ...(state ? { set: { field, value: state } } : { drop: [field] }), sweep: 'over' };
}

function showEntry({ showId }: Show): ShowEntry {
  return { kind: 'show', showId, state: 'started', mode: 'public' };
}

function menuEntry({ version, items }: Menu): MenuEntry {
  return {
    kind: 'menu',
    version,
    items: items.map(({ itemId, name, price, effect }) => ({
      itemId,
      name,
      price: String(price),
      ...(effect ? { effect: effectFromProto(effect) } : {}),
    })),
  };
}

function faceEntry({ title, tags }: RoomFace): RoomEntry {
  return { kind: 'room', title, tags: [...tags] };
}

function goalEntry({ goalId, title, amount }: Goal): GoalEntry {
  return { kind: 'goal', goal: { goalId, title, amount: String(amount) } };
}

function kept(field: 'show' | 'menu' | 'room' | 'goal', entry: LogEntry): Kept {
  return { entry, set: { field, value: JSON.stringify(entry) } };
}
