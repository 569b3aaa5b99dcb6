import type { ProblemError } from '@nightjar/client/problem-error';
import { type MediaGrant, type Room, Rooms } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import { endpoints, http } from '../lib/backend.ts';
import { preferences } from '../lib/preferences.ts';
import { site } from '../lib/site.ts';

/** What is known of the room that the address names. */
export type Found =
  | { readonly is: 'looking' }
  | { readonly is: 'room'; readonly room: Room }
  | { readonly is: 'unknown' }
  | { readonly is: 'failed'; readonly problem: ProblemError };

export interface Early {
  readonly room: Room;
  /** The age that has to be confirmed before anything is shown. */
  readonly age?: number;
}

const rooms = new Rooms({ endpoints, http });

/** A guest's way into the picture. Each is for one use. */
export async function guestGrant(roomId: string): Promise<MediaGrant> {
  const { ticket } = await getTicket({ endpoints, http, roomId, as: 'guest' });
  return rooms.mediaGrant(roomId, ticket);
}

/** The room, and what its operator asks of a viewer. @throws ProblemError */
export async function lookFor(slug: string): Promise<Early> {
  const [room, { ageConfirmation = 0 }] = await Promise.all([rooms.get(slug), site()]);
  return { room, ...(ageConfirmation > preferences.current.confirmedAge ? { age: ageConfirmation } : {}) };
}
