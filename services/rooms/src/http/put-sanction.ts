import { partitionOf } from '@nightjar/contracts/subjects';
import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import type { Decision } from '../domain/sanction.ts';
import { SILENCE_MINUTES_DEFAULT, SILENCE_MINUTES_MAX } from '../limits.ts';
import { putSanction as storeSanction } from '../store/sanctions.ts';
import { SanctionParams, SanctionView, sanctionView } from './sanction-schemas.ts';
import { problemResponses, signedIn, strict } from './schemas.ts';
import { ownRoom } from './who.ts';

export function putSanction(app: Http, context: Context): void {
  app.put(
    '/v1/rooms/:room/sanctions/:pseudonym',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'putSanction',
        summary: 'Silences somebody for a time, removes them from the show that is on, or bans them for good',
        description:
          'In the place of what was decided about them before. Whoever is removed or banned is put out of socket and media at once. Somebody who never was here is taken alike.',
        security: signedIn,
        params: SanctionParams,
        body: Type.Union([
          Type.Object(
            {
              what: Type.Literal('silenced'),
              minutes: Type.Optional(
                Type.Integer({
                  minimum: 1,
                  maximum: SILENCE_MINUTES_MAX,
                  description: `${SILENCE_MINUTES_DEFAULT} when left out`,
                }),
              ),
            },
            strict,
          ),
          Type.Object({ what: Type.Enum(['removed', 'banned']) }, strict),
        ]),
        response: { 200: SanctionView, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { roomId, broadcasterId } = await ownRoom(context, request, request.params.room);
      const { pseudonym } = request.params;
      const sanction = await withPostgres(() =>
        storeSanction(context.db, roomId, broadcasterId, pseudonym, toDecision(request.body)),
      );
      context.outbox.nudge(partitionOf(roomId));
      // Also where it was in force already: to whoever repeats it, it did not seem to be.
      if (sanction.what !== 'silenced') context.removals.putOut(roomId, pseudonym);
      reply.header('cache-control', 'no-store');
      return sanctionView(sanction);
    },
  );
}

function toDecision(
  body: { what: 'silenced'; minutes?: number | undefined } | { what: 'removed' | 'banned' },
): Decision {
  return body.what === 'silenced'
    ? { what: body.what, minutes: body.minutes ?? SILENCE_MINUTES_DEFAULT }
    : { what: body.what };
}
