import { partitionOf } from '@nightjar/contracts/subjects';
import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { liftSanction as storeLift } from '../store/sanctions.ts';
import { SanctionParams } from './sanction-schemas.ts';
import { problemResponses, signedIn } from './schemas.ts';
import { ownRoom } from './who.ts';

export function liftSanction(app: Http, context: Context): void {
  app.delete(
    '/v1/rooms/:room/sanctions/:pseudonym',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'liftSanction',
        summary: 'Ends what is in force about somebody, if anything is',
        security: signedIn,
        params: SanctionParams,
        response: { 204: Type.Null({ description: 'nothing is in force about them' }), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { roomId, broadcasterId } = await ownRoom(context, request, request.params.room);
      const { pseudonym } = request.params;
      if (await withPostgres(() => storeLift(context.db, roomId, broadcasterId, pseudonym)))
        context.outbox.nudge(partitionOf(roomId));
      return reply.code(204).send(null);
    },
  );
}
