import { ProblemError } from '@nightjar/client/problem-error';
import type { MediaGrant, Room } from '@nightjar/client/rooms';
import { applyTheme, prefer } from '../lib/preferences.ts';
import { Store } from '../lib/store.ts';
import type { Watch } from '../media/watch.ts';
import { type Found, guestGrant, lookFor } from './early.ts';
import { isPutOut } from './put-out.ts';

/** What the page begins with and hands on to its app. */
export interface Beginning {
  readonly found: Store<Found>;
  readonly watch: Watch;
  /** Set while a person's age is not confirmed where the operator asks for it; nothing is shown before. */
  readonly age: Store<number | undefined>;
  /** The person said so. */
  confirmAge(): void;
  look(): Promise<void>;
}

/** How long the picture may keep the rest of the page waiting. */
const APP_WAITS_MS = 1_800;

/**
 * The picture comes first. This small part asks for the room and a way into its media while LiveKit's client is still on
 * its way, and shows the first frame before the rest of the page is even loaded. It watches as a guest, who has no
 * account and no key.
 */
async function begin(slug: string): Promise<Beginning> {
  const found = new Store<Found>({ is: 'looking' });
  const age = new Store<number | undefined>(undefined);
  const first = findFirst(slug);
  const { Watch } = await import('../media/watch.ts');
  const watch = new Watch(document.querySelector('video') as HTMLVideoElement);
  const show = ({ roomId, show }: Room, grant?: Promise<MediaGrant>): void => {
    if (!show || age.current !== undefined || isPutOut(roomId)) return;
    let early = grant;
    watch.start(() => {
      const now = early ?? guestGrant(roomId);
      early = undefined;
      return now;
    });
  };
  const take = async (looking: ReturnType<typeof findFirst>): Promise<void> => {
    try {
      const { room, age: asked, grant } = await looking;
      if (asked !== undefined) age.set(asked);
      found.set({ is: 'room', room });
      show(room, grant);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      found.set(error.code === 'room_not_found' ? { is: 'unknown' } : { is: 'failed', problem: error });
    }
  };
  void take(first);
  return {
    found,
    watch,
    age,
    confirmAge() {
      prefer({ confirmedAge: age.current ?? 0 });
      age.set(undefined);
      if (found.current.is === 'room') show(found.current.room);
    },
    async look() {
      found.set({ is: 'looking' });
      await take(findFirst(slug));
    },
  };
}

async function findFirst(slug: string): Promise<{ room: Room; age?: number; grant?: Promise<MediaGrant> }> {
  const early = await lookFor(slug);
  if (!early.room.show || early.age !== undefined || isPutOut(early.room.roomId)) return early;
  const grant = guestGrant(early.room.roomId);
  // Whoever watches takes it, and what is wrong with it.
  grant.catch(() => {});
  return { ...early, grant };
}

/** Resolves with the first frame, or when there is none to wait for. */
async function pictureOrNot({ watch, found, age }: Beginning): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, APP_WAITS_MS);
  const look = (): void => {
    const { is } = found.current;
    const nothing =
      is === 'unknown' ||
      is === 'failed' ||
      (is === 'room' && (!found.current.room.show || isPutOut(found.current.room.roomId)));
    if (nothing || age.current !== undefined || watch.picture.current.phase === 'live') resolve();
  };
  const offs = [watch.picture.subscribe(look), found.subscribe(look), age.subscribe(look)];
  look();
  await promise;
  clearTimeout(timer);
  for (const off of offs) off();
}

applyTheme();
const beginning = await begin(decodeURIComponent(location.pathname.split('/')[2] ?? ''));
await pictureOrNot(beginning);
const { mountRoom } = await import('./app.tsx');
mountRoom(beginning);
