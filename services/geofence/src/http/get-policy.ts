import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import type { Context } from '../context.ts';
import { geofenceProblem } from '../errors.ts';
import { findFence } from '../store/fences.ts';
import { RoomParams } from './schemas.ts';

/**
 * `GET /edge/v1/policies/{room}`: the signed bytes, for edges, which cannot follow the bus. Out of the table, so that what an
 * edge decides by is as old as its question and no older.
 */
export function getPolicy(app: Http, context: Context): void {
  app.get(
    '/edge/v1/policies/:room',
    { schema: { hide: true, params: RoomParams } },
    async (request, reply) => {
      const fence = await withPostgres(() => findFence(context.db, request.params.room));
      if (!fence) throw geofenceProblem('room_not_found');
      return reply
        .header('cache-control', 'no-store')
        .type('application/octet-stream')
        .send(Buffer.from(await context.publisher.sign(fence)));
    },
  );
}
