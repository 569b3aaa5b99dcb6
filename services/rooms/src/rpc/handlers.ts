import type { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { withPostgres } from '@nightjar/kit/postgres';
import type { RpcHandlers } from '@nightjar/kit/rpc-server';
import type { Context } from '../context.ts';
import { roleIn } from '../domain/admit.ts';
import { roomsProblem } from '../errors.ts';
import { listEvents } from '../store/room-events.ts';
import { findRoom, type RoomNow } from '../store/rooms.ts';
import { isKeptOut, sanctionsToTell } from '../store/sanctions-in-force.ts';
import type { Database } from '../store/tables.ts';
import { roomToProto } from './room-proto.ts';

/** What other services ask. Wherever a room is named, its slug will do as well as its id. */
export function rpcHandlers({ db }: Pick<Context, 'db'>): RpcHandlers<typeof RoomsService> {
  async function room(idOrSlug: string, from: Database = db): Promise<RoomNow> {
    const found = await findRoom(from, idOrSlug);
    if (!found) throw roomsProblem('room_not_found');
    return found;
  }
  return {
    admit: (asker) =>
      withPostgres(async () => {
        const asked = await room(asker.roomId);
        const role = roleIn(asked, await isKeptOut(db, asked.roomId, asker.pseudonym), asker);
        if (role === undefined) throw roomsProblem('room_not_found');
        return { role };
      }),
    getRoom: ({ roomId }) =>
      withPostgres(() =>
        // One view of the database: the number of the latest event is that of all that is told.
        db
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute(async (tx) => {
            const found = await room(roomId, tx);
            return roomToProto(found, await sanctionsToTell(tx, found.roomId));
          }),
      ),
    listRoomEvents: ({ roomId, afterSeq, limit }) =>
      withPostgres(async () => {
        const asked = await room(roomId);
        return { events: await listEvents(db, asked.roomId, afterSeq, limit) };
      }),
  };
}
