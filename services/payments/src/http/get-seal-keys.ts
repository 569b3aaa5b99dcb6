import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { TIP_ORDER_SCHEME } from '@nightjar/sealed/seal-tip-order';
import { Type } from 'typebox';
import type { Context } from '../context.ts';

/** Shared caches may keep the answer so long; far shorter than a key stays good after it was replaced. */
const CACHED_S = 60;

export function getSealKeys(app: Http, context: Context): void {
  app.get(
    '/v1/payments/keys',
    {
      schema: {
        operationId: 'getSealKeys',
        summary: 'The keys to seal tip orders to',
        description: 'Seal to the current one. The next one is published ahead of its time.',
        tags: ['payments'],
        response: {
          200: Type.Object({
            scheme: Type.String({ description: 'how orders are sealed; see packages/sealed' }),
            keys: Type.Array(
              Type.Object({
                keyId: Type.String(),
                publicKey: Type.String({ description: 'X25519, raw, base64url' }),
                use: Type.String({ enum: ['current', 'next'] }),
              }),
            ),
          }),
          503: ProblemSchema,
        },
      },
    },
    async (_request, reply) =>
      reply
        .header('cache-control', `public, max-age=${CACHED_S}`)
        .send({ scheme: TIP_ORDER_SCHEME, keys: [...context.sealKeys.published] }),
  );
}
