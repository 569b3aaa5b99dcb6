import { meter } from '@nightjar/kit/telemetry';
import { type MediaRoom, planSweep } from '../domain/sweep-plan.ts';
import { LIVEKIT_CALLS_MAX } from '../limits.ts';
import type { MediaServer } from '../media/media-server.ts';
import { deniedIdentities } from '../store/media-grants.ts';
import { openShows, rememberPictures } from '../store/sweeps.ts';
import type { Database } from '../store/tables.ts';

export interface Swept {
  readonly rooms: number;
  readonly participants: number;
}

/**
 * Asks LiveKit what there is and makes it what it should be. Safe to run anywhere, any number of times at once. LiveKit
 * counts publishers every five seconds only, so rooms of which we were told that they changed are looked into.
 */
export async function sweep(
  db: Database,
  media: MediaServer,
  changedRooms: ReadonlySet<string>,
): Promise<Swept> {
  const rooms = await lookInto(media, await media.rooms(), changedRooms);
  const plan = planSweep(rooms, await openShows(db));
  await inTurn(plan.remove, (room) => media.removeRoom(room));
  await rememberPictures(db, plan);
  const there = new Set(rooms.map(({ name }) => name));
  const denied = [...(await deniedIdentities(db))].filter(([showId]) => there.has(showId));
  let participants = 0;
  await inTurn(denied, async ([showId, identities]) => {
    const present = (await media.participants(showId)).filter(({ identity }) => identities.has(identity));
    participants += present.length;
    await inTurn(present, ({ identity }) => media.removeParticipant(showId, identity));
  });
  counters().rooms.add(plan.remove.length);
  counters().participants.add(participants);
  return { rooms: plan.remove.length, participants };
}

async function lookInto(
  media: MediaServer,
  rooms: readonly MediaRoom[],
  changed: ReadonlySet<string>,
): Promise<MediaRoom[]> {
  const looked = new Map(rooms.map((room) => [room.name, room]));
  await inTurn(
    rooms.filter(({ name }) => changed.has(name)),
    async ({ name }) => {
      const publishers = (await media.participants(name)).filter(({ publishes }) => publishes).length;
      looked.set(name, { name, publishers, lookedInto: true });
    },
  );
  return [...looked.values()];
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: LIVEKIT_CALLS_MAX }, worker));
}

let made: ReturnType<typeof makeCounters> | undefined;
const counters = () => {
  made ??= makeCounters();
  return made;
};

function makeCounters() {
  return {
    rooms: meter().createCounter('nightjar_rooms_media_rooms_removed', {
      description: 'LiveKit rooms without an open show that were deleted',
    }),
    participants: meter().createCounter('nightjar_rooms_participants_removed', {
      description: 'participants that a denial put out of a show',
    }),
  };
}
