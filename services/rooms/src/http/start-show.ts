import { partitionOf } from '@nightjar/contracts/subjects';
import type { Http } from '@nightjar/kit/http';
import { orderedId } from '@nightjar/kit/ids';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { startShow as storeShow } from '../store/shows.ts';
import { problemResponses, RoomParams, ShowView, showView, signedIn, strict } from './schemas.ts';
import { ownRoom } from './who.ts';

export function startShow(app: Http, context: Context): void {
  app.post(
    '/v1/rooms/:room/shows',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'startShow',
        summary: 'Goes live. A room has one show at a time',
        security: signedIn,
        params: RoomParams,
        body: Type.Object({ mode: Type.Literal('public') }, strict),
        response: { 201: ShowView, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { roomId, broadcasterId } = await ownRoom(context, request, request.params.room);
      const showId = orderedId('show', context.clock.wall());
      const show = await withPostgres(() => storeShow(context.db, showId, roomId, broadcasterId));
      context.outbox.nudge(partitionOf(roomId));
      return reply.code(201).send(showView(roomId, show));
    },
  );
}
