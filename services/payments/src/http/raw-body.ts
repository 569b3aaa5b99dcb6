import type { Http } from '@nightjar/kit/http';
import { commonProblem } from '@nightjar/kit/problem';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body's bytes as sent; null when there is none. A request proof is over these. */
    rawBody: Uint8Array | null;
  }
}

/** Keeps the bytes of JSON bodies beside what they say. */
export function keepRawBody(app: Http): void {
  app.decorateRequest('rawBody', null);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      request.rawBody = body;
      if (body.length === 0) return undefined;
      try {
        return JSON.parse(body.toString('utf8')) as unknown;
      } catch (error) {
        throw commonProblem('malformed_request', error);
      }
    },
  );
}
