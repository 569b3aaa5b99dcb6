import type { Http } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { FenceView, problemResponses, RoomParams, signedIn } from './schemas.ts';
import { broadcasterOf, ownFence, viewOf } from './who.ts';

export function getFence(app: Http, context: Context): void {
  app.get(
    '/v1/rooms/:room/fence',
    {
      schema: {
        operationId: 'getFence',
        summary: "Read your room's fence",
        description: 'Needs an access token for the audience geofence with the broadcaster claim.',
        tags: ['geofence'],
        security: signedIn,
        params: RoomParams,
        response: { 200: FenceView, ...problemResponses },
      },
    },
    async (request, reply) => {
      const broadcasterId = await broadcasterOf(context, request);
      const fence = await ownFence(context, request.params.room, broadcasterId);
      return reply
        .header('etag', `"${fence.version}"`)
        .header('cache-control', 'no-store')
        .send(viewOf(fence));
    },
  );
}
