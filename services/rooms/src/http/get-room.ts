import type { Http } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { problemResponses, RoomParams, RoomView, roomView } from './schemas.ts';
import { visibleRoom } from './who.ts';

export function getRoom(app: Http, context: Context): void {
  app.get(
    '/v1/rooms/:room',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'getRoom',
        summary: 'A room with its menu and the show that is on',
        description:
          'Needs no sign-in. With an access token the owner sees her room whatever its fence says.',
        params: RoomParams,
        response: { 200: RoomView, ...problemResponses },
      },
    },
    async (request, reply) => {
      const room = await visibleRoom(context, request, request.params.room);
      reply.header('cache-control', 'no-store');
      return roomView(room);
    },
  );
}
