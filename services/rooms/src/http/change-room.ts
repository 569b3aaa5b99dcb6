import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { setTitle } from '../store/rooms.ts';
import { problemResponses, RoomParams, RoomView, roomView, signedIn, strict, Title } from './schemas.ts';
import { ownRoom } from './who.ts';

export function changeRoom(app: Http, context: Context): void {
  app.patch(
    '/v1/rooms/:room',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'changeRoom',
        summary: "Changes your room's title",
        security: signedIn,
        params: RoomParams,
        body: Type.Object({ title: Title }, strict),
        response: { 200: RoomView, ...problemResponses },
      },
    },
    async (request) => {
      const room = await ownRoom(context, request, request.params.room);
      const { title } = request.body;
      await withPostgres(() => setTitle(context.db, room.roomId, title));
      return roomView({ ...room, title });
    },
  );
}
