import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { cleanStill } from '../domain/still.ts';
import { roomsProblem } from '../errors.ts';
import { STILL_BYTES_MAX, STILL_EVERY_MS } from '../limits.ts';
import { putStill as storeStill } from '../store/stills.ts';
import { problemResponses, RoomParams, Still, signedIn, stillPath } from './schemas.ts';
import { ownRoom } from './who.ts';

const TYPES = ['image/webp', 'image/jpeg', 'image/png'];

export function putStill(app: Http, context: Context): void {
  app.register(async (scope: Http) => {
    // Larger than what kit lets a request be, and not JSON.
    scope.addContentTypeParser(
      TYPES,
      { parseAs: 'buffer', bodyLimit: STILL_BYTES_MAX },
      (_request, body, done) => done(null, body),
    );
    scope.put(
      '/v1/rooms/:room/still',
      {
        schema: {
          tags: ['rooms'],
          operationId: 'putStill',
          summary: 'Shows a still of your show to whoever looks at the room or the directory',
          description: `A picture of at most ${STILL_BYTES_MAX} bytes, no more often than every ${STILL_EVERY_MS / 1000} s. What is in its file beside the picture is taken out. It is gone when the show ends.`,
          security: signedIn,
          params: RoomParams,
          body: { content: Object.fromEntries(TYPES.map((type) => [type, { schema: Type.Any() }])) },
          response: { 200: Type.Object({ still: Still }), ...problemResponses },
        },
      },
      async (request) => {
        const { roomId } = await ownRoom(context, request, request.params.room);
        const still = Buffer.isBuffer(request.body) ? cleanStill(request.body) : undefined;
        if (!still) throw roomsProblem('still_invalid');
        const putAt = await withPostgres(() => storeStill(context.db, roomId, still));
        return { still: stillPath(roomId, putAt) };
      },
    );
  });
}
