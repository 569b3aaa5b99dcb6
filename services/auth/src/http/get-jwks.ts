import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { Type } from 'typebox';
import type { Context } from '../context.ts';

/** Shared caches may keep the set so long; far shorter than a key is published before it signs. */
const CACHED_S = 60;

export function getJwks(app: Http, context: Context): void {
  app.get(
    '/.well-known/jwks.json',
    {
      schema: {
        operationId: 'getJwks',
        summary: 'The public keys of access tokens',
        description: 'A JSON Web Key Set (RFC 7517). The next key is in it 10 minutes before it signs.',
        tags: ['auth'],
        response: {
          200: Type.Object({
            keys: Type.Array(
              Type.Object({
                kty: Type.Literal('OKP'),
                crv: Type.Literal('Ed25519'),
                alg: Type.Literal('EdDSA'),
                use: Type.Literal('sig'),
                kid: Type.String({ description: 'the thumbprint of RFC 7638' }),
                x: Type.String({ description: 'the public key, base64url' }),
              }),
            ),
          }),
          503: ProblemSchema,
        },
      },
    },
    async (_request, reply) => {
      const { keys } = await context.ring.publicKeys();
      return reply.header('cache-control', `public, max-age=${CACHED_S}`).send({ keys });
    },
  );
}
