import type { Http } from '@nightjar/kit/http';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { problem } from '../errors.ts';

/** `POST /edge/v1/going`: an edge, and nobody for it, says that it goes. Whoever came through it is told to come in by another. */
export function edgeGoing(app: Http, context: Context): void {
  app.post(
    '/edge/v1/going',
    {
      schema: {
        hide: true,
        body: Type.Object(
          { edge: Type.String({ minLength: 1, maxLength: 64 }) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      if (request.facts?.edge !== request.body.edge) throw problem('edge_unknown');
      await context.edges.goes(request.body.edge);
      return reply.code(204).send();
    },
  );
}
