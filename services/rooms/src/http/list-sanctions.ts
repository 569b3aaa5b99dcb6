import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { fromSanctionCursor, toSanctionCursor } from '../domain/sanction.ts';
import { roomsProblem } from '../errors.ts';
import { SANCTIONS_PAGE_DEFAULT, SANCTIONS_PAGE_MAX } from '../limits.ts';
import { listSanctions as storedSanctions } from '../store/sanctions-in-force.ts';
import { SanctionView, sanctionView } from './sanction-schemas.ts';
import { problemResponses, RoomParams, signedIn } from './schemas.ts';
import { ownRoom } from './who.ts';

export function listSanctions(app: Http, context: Context): void {
  app.get(
    '/v1/rooms/:room/sanctions',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'listSanctions',
        summary: 'What is in force in your room, the latest decision first',
        security: signedIn,
        params: RoomParams,
        querystring: Type.Object({
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: SANCTIONS_PAGE_MAX, default: SANCTIONS_PAGE_DEFAULT }),
          ),
          cursor: Type.Optional(Type.String({ maxLength: 128, description: '`next` of the page before' })),
        }),
        response: {
          200: Type.Object({
            sanctions: Type.Array(SanctionView),
            next: Type.Optional(
              Type.String({ description: 'the cursor of the next page; missing on the last' }),
            ),
          }),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { roomId } = await ownRoom(context, request, request.params.room);
      const { limit = SANCTIONS_PAGE_DEFAULT, cursor } = request.query;
      const after = cursor === undefined ? undefined : fromSanctionCursor(cursor);
      if (cursor !== undefined && !after) throw roomsProblem('cursor_invalid');
      // One more than shown, to know whether there is another page.
      const found = await withPostgres(() => storedSanctions(context.db, roomId, after, limit + 1));
      const sanctions = found.slice(0, limit);
      const last = found.length > limit ? sanctions.at(-1) : undefined;
      reply.header('cache-control', 'no-store');
      return {
        sanctions: sanctions.map(sanctionView),
        ...(last
          ? {
              next: toSanctionCursor({
                decidedAtMs: last.decidedAt.getTime(),
                pseudonym: last.pseudonym,
              }),
            }
          : {}),
      };
    },
  );
}
