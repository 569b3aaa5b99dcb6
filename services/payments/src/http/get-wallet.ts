import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { walletBalance } from '../store/wallets.ts';
import { requireWallet } from './proof.ts';
import { ProofHeaders, TokensSchema, WalletIdSchema, WalletParams } from './schemas.ts';

export function getWallet(app: Http, context: Context): void {
  app.get(
    '/v1/wallets/:wallet',
    {
      schema: {
        operationId: 'getWallet',
        summary: "A wallet's tokens",
        description: 'What can be spent, and what is held for tips whose outcome is not known yet.',
        tags: ['payments'],
        params: WalletParams,
        headers: ProofHeaders,
        response: {
          200: Type.Object({ walletId: WalletIdSchema, available: TokensSchema, held: TokensSchema }),
          401: ProblemSchema,
          404: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      const walletId = request.params.wallet;
      await requireWallet(context, request, walletId);
      const { available, held } = await walletBalance(context.ledger, walletId);
      return reply
        .header('cache-control', 'no-store')
        .send({ walletId, available: available.toString(), held: held.toString() });
    },
  );
}
