import type { LiveRoom } from '@nightjar/client/rooms';

/** A room as the page shows it. One that ended keeps its place until the person asks for the new list. */
export interface ShownRoom extends LiveRoom {
  readonly ended: boolean;
}

export interface Merged {
  readonly rooms: readonly ShownRoom[];
  /** Rooms that went live since: they wait, so that nothing moves under a finger. */
  readonly waiting: readonly LiveRoom[];
}

/**
 * Brings what is shown up to date without moving anything.
 *
 * @param fetched the newest rooms, newest first
 * @param all whether there are no others
 */
export function mergeRooms(shown: readonly ShownRoom[], fetched: readonly LiveRoom[], all: boolean): Merged {
  const now = new Map(fetched.map((room) => [room.roomId, room]));
  const known = new Set(shown.map(({ roomId }) => roomId));
  const reach = all ? '' : (fetched.at(-1)?.startedAt ?? '');
  const rooms = shown.map((room) => {
    const found = now.get(room.roomId);
    if (found) return { ...found, ended: false };
    return { ...room, ended: room.ended || room.startedAt >= reach };
  });
  // What is older than everything shown comes after it, and so moves nothing.
  const [oldest = '~'] = shown.map(({ startedAt }) => startedAt).sort();
  const others = fetched.filter(({ roomId }) => !known.has(roomId));
  const after = others.filter(({ startedAt }) => startedAt < oldest);
  const waiting = others.filter(({ startedAt }) => startedAt >= oldest);
  return { rooms: [...rooms, ...after.map(shownRoom)], waiting };
}

/** The list as it is now: new ones at their place, ended ones gone. */
export function settleRooms({ rooms, waiting }: Merged): readonly ShownRoom[] {
  const live = [...rooms.filter(({ ended }) => !ended), ...waiting.map(shownRoom)];
  return live.sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
}

/** A further page; what is shown already stays where it is. */
export function appendRooms(shown: readonly ShownRoom[], page: readonly LiveRoom[]): readonly ShownRoom[] {
  const known = new Set(shown.map(({ roomId }) => roomId));
  return [...shown, ...page.filter(({ roomId }) => !known.has(roomId)).map(shownRoom)];
}

function shownRoom(room: LiveRoom): ShownRoom {
  return { ...room, ended: false };
}

/** The tags of these rooms: the most used first, then by name. */
export function tagsOf(rooms: readonly LiveRoom[], max: number): readonly string[] {
  const uses = new Map<string, number>();
  for (const { tags } of rooms) for (const tag of tags) uses.set(tag, (uses.get(tag) ?? 0) + 1);
  return [...uses]
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b, 'en'))
    .slice(0, max)
    .map(([tag]) => tag);
}
