import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import type { Context } from '../../context.ts';
import { roomsProblem } from '../../errors.ts';
import { findRoomId } from '../../store/rooms.ts';
import { hidden } from '../hidden.ts';
import { RoomParams } from '../schemas.ts';

/** Whose fence a path is under: the id behind a slug, whatever the fence says. Slugs never change. */
export function nameRoom(app: Http, context: Context): void {
  app.get('/edge/v1/rooms/:room', { schema: { ...hidden, params: RoomParams } }, async (request, reply) => {
    const roomId = await withPostgres(() => findRoomId(context.db, request.params.room));
    if (!roomId) throw roomsProblem('room_not_found');
    reply.header('cache-control', 'no-store');
    return { roomId };
  });
}
