import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { roomsProblem } from '../errors.ts';
import { STILL_CACHED_S } from '../limits.ts';
import { findStill } from '../store/stills.ts';
import { problemResponses, RoomParams } from './schemas.ts';
import { visibleRoom } from './who.ts';

export function getStill(app: Http, context: Context): void {
  app.get(
    '/v1/rooms/:room/still',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'getStill',
        summary: 'The latest still of the show that is on: a WebP, JPEG or PNG picture',
        params: RoomParams,
        querystring: Type.Object({
          v: Type.Optional(
            Type.String({ maxLength: 16, description: 'its version, so that caches tell stills apart' }),
          ),
        }),
        response: problemResponses,
      },
    },
    async (request, reply) => {
      const { roomId } = await visibleRoom(context, request, request.params.room);
      const still = await withPostgres(() => findStill(context.db, roomId));
      if (!still) throw roomsProblem('still_not_found');
      return reply
        .header('cache-control', `private, max-age=${STILL_CACHED_S}`)
        .header('x-content-type-options', 'nosniff')
        .type(still.type)
        .send(still.bytes);
    },
  );
}
