import { AmountSchema } from '@nightjar/contracts/ws-schemas';
import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { paymentsProblem } from '../errors.ts';
import { PURCHASE_TOKENS_MAX } from '../limits.ts';
import { buy } from '../purchases.ts';
import { requireWallet } from './proof.ts';
import { ProofHeaders, WalletParams } from './schemas.ts';

const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{16,64}$/;

export function buyTokens(app: Http, context: Context): void {
  app.post(
    '/v1/wallets/:wallet/purchases',
    {
      schema: {
        operationId: 'buyTokens',
        summary: 'Buy tokens',
        description: `Buys 1 to ${PURCHASE_TOKENS_MAX} tokens through a gateway. The same Idempotency-Key answers the same purchase, however often it is sent.`,
        tags: ['payments'],
        params: WalletParams,
        headers: Type.Object({
          ...ProofHeaders.properties,
          'idempotency-key': Type.Optional(
            Type.String({
              description: '16 to 64 letters, digits, hyphens or underscores, made by the client',
            }),
          ),
        }),
        body: Type.Object(
          {
            gateway: Type.String({ minLength: 1, maxLength: 32, description: 'play' }),
            amount: AmountSchema,
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            purchaseId: Type.String(),
            amount: AmountSchema,
            state: Type.String({
              enum: ['started', 'paid', 'credited'],
              description: 'credited: the tokens are in the wallet; paid: they follow by themselves',
            }),
          }),
          400: ProblemSchema,
          401: ProblemSchema,
          404: ProblemSchema,
          409: ProblemSchema,
          422: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      const walletId = request.params.wallet;
      const { jti } = await requireWallet(context, request, walletId);
      const idempotencyKey = request.headers['idempotency-key'];
      if (!idempotencyKey || !IDEMPOTENCY_KEY.test(idempotencyKey))
        throw paymentsProblem('idempotency_key_missing');
      const amount = BigInt(request.body.amount);
      if (amount > PURCHASE_TOKENS_MAX) throw paymentsProblem('amount_out_of_range');
      const { gateway } = request.body;
      const { purchaseId, state } = await buy(context, {
        walletId,
        gateway,
        amount,
        idempotencyKey,
        proofId: jti,
      });
      return reply.header('cache-control', 'no-store').send({ purchaseId, amount: amount.toString(), state });
    },
  );
}
