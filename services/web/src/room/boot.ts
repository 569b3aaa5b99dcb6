import { ProblemError } from '@nightjar/client/problem-error';
import { type Room, Rooms } from '@nightjar/client/rooms';
import { getTicket } from '@nightjar/client/tickets';
import { endpoints, http } from '../lib/backend.ts';
import { applyTheme, preferences } from '../lib/preferences.ts';
import { site } from '../lib/site.ts';
import { Store } from '../lib/store.ts';
import { type GetGrant, Watch } from '../media/watch.ts';

/** What is known of the room that the address names. */
export type Found =
  | { readonly is: 'looking' }
  | { readonly is: 'room'; readonly room: Room }
  | { readonly is: 'unknown' }
  | { readonly is: 'failed'; readonly problem: ProblemError };

/** What the page begins with and hands on to its app. */
export interface Beginning {
  readonly slug: string;
  readonly found: Store<Found>;
  readonly watch: Watch;
  /** Set while a person's age is not confirmed where the operator asks for it; nothing is shown before. */
  readonly age: Store<number | undefined>;
  /** The person said so. */
  confirmAge(): void;
  look(): Promise<void>;
}

/** How long the picture may keep the rest of the page waiting. */
const APP_WAITS_MS = 900;

/**
 * The picture comes first: this small part asks for the room and its media and shows the first frame, before anything
 * else of the page is even loaded. It watches as a guest, who has no account and no key.
 */
function begin(): Beginning {
  const rooms = new Rooms({ endpoints, http });
  const slug = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const found = new Store<Found>({ is: 'looking' });
  const age = new Store<number | undefined>(undefined);
  const watch = new Watch(document.querySelector('video') as HTMLVideoElement);
  const show = (room: Room): void => {
    if (room.show && age.current === undefined) watch.start(guestGrant(rooms, room.roomId));
  };
  const look = async (): Promise<void> => {
    try {
      const [room, { ageConfirmation = 0 }] = await Promise.all([rooms.get(slug), site()]);
      if (ageConfirmation > preferences.current.confirmedAge) age.set(ageConfirmation);
      found.set({ is: 'room', room });
      show(room);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      found.set(error.code === 'room_not_found' ? { is: 'unknown' } : { is: 'failed', problem: error });
    }
  };
  return {
    slug,
    found,
    watch,
    age,
    confirmAge() {
      age.set(undefined);
      if (found.current.is === 'room') show(found.current.room);
    },
    look,
  };
}

function guestGrant(rooms: Rooms, roomId: string): GetGrant {
  return async () => {
    const { ticket } = await getTicket({ endpoints, http, roomId, as: 'guest' });
    return rooms.mediaGrant(roomId, ticket);
  };
}

/** Resolves with the first frame, or when there is none to wait for. */
async function pictureOrNot({ watch, found, age }: Beginning): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, APP_WAITS_MS);
  const look = (): void => {
    const { is } = found.current;
    const nothing = is === 'unknown' || is === 'failed' || (is === 'room' && !found.current.room.show);
    if (nothing || age.current !== undefined || watch.picture.current.phase === 'live') resolve();
  };
  const offs = [watch.picture.subscribe(look), found.subscribe(look), age.subscribe(look)];
  await promise;
  clearTimeout(timer);
  for (const off of offs) off();
}

applyTheme();
const beginning = begin();
void beginning.look();
await pictureOrNot(beginning);
const { mountRoom } = await import('./app.tsx');
mountRoom(beginning);
