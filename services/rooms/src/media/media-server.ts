import { RoomServiceClient, ServerError } from 'livekit-server-sdk';
import type { MediaRoom } from '../domain/sweep-plan.ts';
import { LIVEKIT_CALL_S_MAX } from '../limits.ts';

/** What the reconciler asks of LiveKit. Everything rejects while LiveKit is away. */
export interface MediaServer {
  rooms(): Promise<MediaRoom[]>;
  /** Who is in a room; nobody when the room is not there. */
  participants(room: string): Promise<{ identity: string; publishes: boolean }[]>;
  /** Nothing happens when it is gone already, here and below. */
  removeParticipant(room: string, identity: string): Promise<void>;
  removeRoom(room: string): Promise<void>;
}

export interface LivekitAccess {
  /** http://…, reached by services only */
  readonly url: string;
  readonly key: string;
  readonly secret: string;
}

export function mediaServer({ url, key, secret }: LivekitAccess): MediaServer {
  const livekit = new RoomServiceClient(url, key, secret, {
    requestTimeout: LIVEKIT_CALL_S_MAX,
    failover: false,
  });
  return {
    async rooms() {
      const rooms = await livekit.listRooms();
      return rooms.map(({ name, numPublishers }) => ({ name, publishers: numPublishers }));
    },
    async participants(room) {
      const participants = await unlessGone(livekit.listParticipants(room), []);
      return participants.map(({ identity, tracks }) => ({ identity, publishes: tracks.length > 0 }));
    },
    removeParticipant: (room, identity) => unlessGone(livekit.removeParticipant(room, identity), undefined),
    removeRoom: (room) => unlessGone(livekit.deleteRoom(room), undefined),
  };
}

async function unlessGone<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ServerError && error.status === 404) return otherwise;
    throw error;
  }
}
