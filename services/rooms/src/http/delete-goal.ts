import { partitionOf } from '@nightjar/contracts/subjects';
import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { clearGoal } from '../store/goals.ts';
import { problemResponses, RoomParams, signedIn } from './schemas.ts';
import { ownRoom } from './who.ts';

export function deleteGoal(app: Http, context: Context): void {
  app.delete(
    '/v1/rooms/:room/goal',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'deleteGoal',
        summary: "Takes your room's goal away, if there is one",
        security: signedIn,
        params: RoomParams,
        response: { 204: Type.Null({ description: 'there is no goal now' }), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { roomId, broadcasterId } = await ownRoom(context, request, request.params.room);
      if (await withPostgres(() => clearGoal(context.db, roomId, broadcasterId)))
        context.outbox.nudge(partitionOf(roomId));
      return reply.code(204).send(null);
    },
  );
}
