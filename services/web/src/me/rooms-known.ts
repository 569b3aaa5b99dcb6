import { Store } from '../lib/store.ts';
import { ROOMS_KNOWN_MAX } from './limits.ts';

/** A room in which this browser has a name. */
export interface KnownRoom {
  readonly roomId: string;
  readonly slug: string;
  readonly title: string;
  readonly pseudonym: string;
  /** When it was last there, ms since 1970. */
  readonly at: number;
}

const KEY = 'nightjar-rooms-known';

/** Reads what was kept; what is not understood is left out. */
export function readRooms(text: string | null): readonly KnownRoom[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.filter(isKnownRoom).slice(0, ROOMS_KNOWN_MAX) : [];
}

function isKnownRoom(value: unknown): value is KnownRoom {
  const room = (value ?? {}) as Partial<Record<keyof KnownRoom, unknown>>;
  const texts = [room.roomId, room.slug, room.title, room.pseudonym];
  return texts.every((text) => typeof text === 'string' && text !== '') && typeof room.at === 'number';
}

/** The list with this room first; of a room that is known already the latest is kept. */
export function withRoom(rooms: readonly KnownRoom[], room: KnownRoom): readonly KnownRoom[] {
  return [room, ...rooms.filter(({ roomId }) => roomId !== room.roomId)].slice(0, ROOMS_KNOWN_MAX);
}

function load(): readonly KnownRoom[] {
  try {
    return readRooms(localStorage.getItem(KEY));
  } catch {
    // A browser that keeps nothing.
    return [];
  }
}

/**
 * The rooms that this browser came into with a name, the latest first. Only this list joins them: the names themselves
 * have nothing in common. It is kept here, and sent nowhere.
 */
export const roomsKnown = new Store<readonly KnownRoom[]>(load());

/** For the room's page, when it knows what it is called in there. */
export function rememberRoom(room: KnownRoom): void {
  // Read again: another tab may have added one.
  keep(withRoom(load(), room));
}

export function forgetRooms(): void {
  keep([]);
}

function keep(rooms: readonly KnownRoom[]): void {
  roomsKnown.set(rooms);
  try {
    if (rooms.length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(rooms));
  } catch {
    // As above.
  }
}
