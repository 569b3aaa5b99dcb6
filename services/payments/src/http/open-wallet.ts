import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { commonProblem } from '@nightjar/kit/problem';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { openWallet as open } from '../store/wallets.ts';
import { requireProof } from './proof.ts';
import { ProofHeaders, WalletIdSchema } from './schemas.ts';

export function openWallet(app: Http, context: Context): void {
  app.post(
    '/v1/wallets',
    {
      schema: {
        operationId: 'openWallet',
        summary: "Open a key's wallet",
        description:
          'The proof names the key; the same key always answers the same wallet. No body, no account: a wallet belongs to whoever holds its key.',
        tags: ['payments'],
        headers: ProofHeaders,
        response: {
          200: Type.Object({ walletId: WalletIdSchema }),
          401: ProblemSchema,
          429: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      const { publicKeyRaw } = await requireProof(context, request);
      if (!context.openings.take(request.clientAddress, context.clock.mono()))
        throw commonProblem('too_many_requests');
      const walletId = await open(context.ledger, context.id('wallet'), publicKeyRaw);
      return reply.header('cache-control', 'no-store').send({ walletId });
    },
  );
}
