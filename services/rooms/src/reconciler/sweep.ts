import { meter } from '@nightjar/kit/telemetry';
import { type MediaRoom, planSweep } from '../domain/sweep-plan.ts';
import { LIVEKIT_CALLS_MAX } from '../limits.ts';
import { inTurn } from '../media/in-turn.ts';
import type { MediaServer } from '../media/media-server.ts';
import { keptOutIdentities } from '../store/media-grants.ts';
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
  await inTurn(plan.remove, LIVEKIT_CALLS_MAX, (room) => media.removeRoom(room));
  await rememberPictures(db, plan);
  const there = new Set(rooms.map(({ name }) => name));
  const keptOut = [...(await keptOutIdentities(db))].filter(([showId]) => there.has(showId));
  let participants = 0;
  await inTurn(keptOut, LIVEKIT_CALLS_MAX, async ([showId, identities]) => {
    const present = (await media.participants(showId)).filter(({ identity }) => identities.has(identity));
    participants += present.length;
    await inTurn(present, LIVEKIT_CALLS_MAX, ({ identity }) => media.removeParticipant(showId, identity));
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
    LIVEKIT_CALLS_MAX,
    async ({ name }) => {
      const publishers = (await media.participants(name)).filter(({ publishes }) => publishes).length;
      looked.set(name, { name, publishers, lookedInto: true });
    },
  );
  return [...looked.values()];
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
      description: 'participants that a sweep put out of a show for a sanction',
    }),
  };
}
