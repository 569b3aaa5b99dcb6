/** A live room in the directory. */
export interface LiveRoom {
  readonly roomId: string;
  readonly slug: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly showId: string;
  readonly startedAt: Date;
  readonly picture: boolean;
  /** When its latest still was put. */
  readonly stillAt?: Date;
}

/** The last room of a page: where the next one goes on. */
export interface Place {
  readonly startedAtMs: number;
  readonly showId: string;
}

export interface Page {
  readonly rooms: readonly LiveRoom[];
  /** Set when there is more that this reader may see. */
  readonly next?: Place;
}

/**
 * One page of what a reader may see, newest first. `live` is in that order. What is hidden leaves no trace: pages are
 * full up to the last one, a place is always that of a room that was shown, and the last page promises no other.
 */
export function pageOf(
  live: Iterable<LiveRoom>,
  after: Place | undefined,
  limit: number,
  allowed: (roomId: string) => boolean,
): Page {
  const rooms: LiveRoom[] = [];
  for (const room of live) {
    if ((after && !isAfter(room, after)) || !allowed(room.roomId)) continue;
    const last = rooms.at(-1);
    if (rooms.length === limit && last)
      return { rooms, next: { startedAtMs: last.startedAt.getTime(), showId: last.showId } };
    rooms.push(room);
  }
  return { rooms };
}

function isAfter(room: LiveRoom, place: Place): boolean {
  const byTime = place.startedAtMs - room.startedAt.getTime();
  return byTime > 0 || (byTime === 0 && room.showId < place.showId);
}

/** A place as clients hand it back; it says nothing that the page did not. */
export function toCursor(place: Place): string {
  return Buffer.from(`${place.startedAtMs}.${place.showId}`).toString('base64url');
}

/** The place that a cursor names; undefined when it is not one of ours. */
export function fromCursor(cursor: string): Place | undefined {
  const match = /^(\d{1,15})\.(show_[0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] && match[2] ? { startedAtMs: Number(match[1]), showId: match[2] } : undefined;
}
