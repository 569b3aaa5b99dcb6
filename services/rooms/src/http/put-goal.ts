import { partitionOf } from '@nightjar/contracts/subjects';
import { AmountSchema } from '@nightjar/contracts/ws-schemas';
import type { Http } from '@nightjar/kit/http';
import { orderedId } from '@nightjar/kit/ids';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { setGoal } from '../store/goals.ts';
import { GoalTitle, GoalView, goalView, problemResponses, RoomParams, signedIn, strict } from './schemas.ts';
import { ownRoom } from './who.ts';

export function putGoal(app: Http, context: Context): void {
  app.put(
    '/v1/rooms/:room/goal',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'putGoal',
        summary: "Sets what your room's tips add up to, from nothing on",
        description:
          'In the place of the goal that is. The same title and amount as its own change nothing, so that a request may be repeated; to count anew, delete it first.',
        security: signedIn,
        params: RoomParams,
        body: Type.Object({ title: GoalTitle, amount: AmountSchema }, strict),
        response: { 200: GoalView, ...problemResponses },
      },
    },
    async (request) => {
      const { roomId, broadcasterId } = await ownRoom(context, request, request.params.room);
      const goal = await withPostgres(() =>
        setGoal(context.db, roomId, broadcasterId, {
          goalId: orderedId('goal', context.clock.wall()),
          title: request.body.title,
          amount: BigInt(request.body.amount),
        }),
      );
      context.outbox.nudge(partitionOf(roomId));
      return goalView(goal);
    },
  );
}
