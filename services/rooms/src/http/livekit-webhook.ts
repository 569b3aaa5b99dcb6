import type { Http } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { roomsProblem } from '../errors.ts';
import { hidden } from './hidden.ts';

/** After these somebody may have to be put out. */
const ARRIVALS: ReadonlySet<string> = new Set(['room_started', 'participant_joined']);
/** After these a room's picture may be another. */
const PICTURES: ReadonlySet<string> = new Set(['track_published', 'track_unpublished']);

/** LiveKit's word that something happened. Only a hint: what counts is what LiveKit answers when asked. */
export function livekitWebhook(app: Http, context: Context): void {
  app.register(async (scope) => {
    // The signature is over the bytes as they came.
    scope.addContentTypeParser('application/webhook+json', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    scope.post('/v1/livekit/webhook', { schema: hidden }, async (request, reply) => {
      if (typeof request.body !== 'string') throw roomsProblem('webhook_invalid');
      const { event, room } = await context.media
        .openWebhook(request.body, request.headers.authorization)
        .catch((error) => {
          throw roomsProblem('webhook_invalid', error);
        });
      if (ARRIVALS.has(event)) context.reconciler.hint();
      if (PICTURES.has(event)) context.reconciler.hint(room);
      return reply.code(204).send();
    });
  });
}
