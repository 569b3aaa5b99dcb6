import type { Http } from '@nightjar/kit/http';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { fromCursor, pageOf, toCursor } from '../domain/directory.ts';
import { roomsProblem } from '../errors.ts';
import { DIRECTORY_PAGE_DEFAULT, DIRECTORY_PAGE_MAX } from '../limits.ts';
import { liveRoomsCache } from '../store/live-rooms-cache.ts';
import { viewerCounts } from '../viewer-counts.ts';
import { LiveRoomView, liveRoomView, problemResponses } from './schemas.ts';

export function listRooms(app: Http, context: Context): void {
  const liveRooms = liveRoomsCache(context.db, context.clock);
  const counted = viewerCounts(context.events, context.clock);
  app.get(
    '/v1/rooms',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'listRooms',
        summary: 'The directory: rooms with a public show that you may know of, newest first',
        querystring: Type.Object({
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: DIRECTORY_PAGE_MAX, default: DIRECTORY_PAGE_DEFAULT }),
          ),
          cursor: Type.Optional(Type.String({ maxLength: 128, description: '`next` of the page before' })),
        }),
        response: {
          200: Type.Object({
            rooms: Type.Array(LiveRoomView),
            next: Type.Optional(
              Type.String({ description: 'the cursor of the next page; missing on the last' }),
            ),
          }),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { limit = DIRECTORY_PAGE_DEFAULT, cursor } = request.query;
      const after = cursor === undefined ? undefined : fromCursor(cursor);
      if (cursor !== undefined && !after) throw roomsProblem('cursor_invalid');
      const live = await liveRooms();
      const viewers = await counted(live.map(({ roomId }) => roomId));
      const { rooms, next } = pageOf(live, after, limit, (roomId) => context.fence.allows(roomId, request));
      // Another address sees other rooms.
      reply.header('cache-control', 'no-store');
      return {
        rooms: rooms.map((room) => liveRoomView(room, viewers.get(room.roomId))),
        ...(next ? { next: toCursor(next) } : {}),
      };
    },
  );
}
