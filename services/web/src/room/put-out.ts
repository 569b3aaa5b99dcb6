/** Rooms that this browser remembers; more than these nobody is put out of. */
const ROOMS_MAX = 100;
const KEY = 'nightjar-put-out';

/**
 * Rooms that the person at this browser was put out of. There they do not come in as a guest any more, who has no name
 * that a ban could meet. It keeps the honest out: whoever empties their browser is a stranger, as everybody may be.
 */
export function isPutOut(roomId: string): boolean {
  return read().includes(roomId);
}

export function rememberPutOut(roomId: string): void {
  write([roomId, ...read().filter((known) => known !== roomId)].slice(0, ROOMS_MAX));
}

/** They may come in again. */
export function forgetPutOut(roomId: string): void {
  const rooms = read();
  if (rooms.includes(roomId)) write(rooms.filter((known) => known !== roomId));
}

function read(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter((room) => typeof room === 'string') : [];
  } catch {
    return [];
  }
}

function write(rooms: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(rooms));
  } catch {
    // A browser that keeps nothing.
  }
}
