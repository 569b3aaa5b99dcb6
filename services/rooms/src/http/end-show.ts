import { partitionOf } from '@nightjar/contracts/subjects';
import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { endShow as storeEnd } from '../store/shows.ts';
import { problemResponses, RoomParams, signedIn } from './schemas.ts';
import { ownRoom } from './who.ts';

export function endShow(app: Http, context: Context): void {
  app.delete(
    '/v1/rooms/:room/shows/current',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'endShow',
        summary: 'Ends the show, if one is on. Everybody is put out of its media',
        security: signedIn,
        params: RoomParams,
        response: { 204: Type.Null({ description: 'no show is on now' }), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { roomId, broadcasterId } = await ownRoom(context, request, request.params.room);
      if (await withPostgres(() => storeEnd(context.db, roomId, broadcasterId))) {
        context.outbox.nudge(partitionOf(roomId));
        context.reconciler.hint();
      }
      return reply.code(204).send(null);
    },
  );
}
