import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { moneyState } from '../domain/tip-result.ts';
import { paymentsProblem } from '../errors.ts';
import { findTipOfWallet } from '../store/tips.ts';
import { requireWallet } from './proof.ts';
import { ProofHeaders, TipIdSchema, TokensSchema, WalletIdSchema } from './schemas.ts';

const Time = (description: string) => Type.String({ format: 'date-time', description });

export function getTip(app: Http, context: Context): void {
  app.get(
    '/v1/wallets/:wallet/tips/:tip',
    {
      schema: {
        operationId: 'getTip',
        summary: 'What became of a tip',
        description: "A tip's money as the ledger has it. Asked by the wallet that paid.",
        tags: ['payments'],
        params: Type.Object({ wallet: WalletIdSchema, tip: TipIdSchema }),
        headers: ProofHeaders,
        response: {
          200: Type.Object({
            tipId: TipIdSchema,
            roomId: Type.String(),
            amount: TokensSchema,
            state: Type.String({ enum: ['held', 'settled', 'returned'] }),
            result: Type.Optional(
              Type.String({
                enum: ['ran', 'partly', 'expired', 'refused', 'paid'],
                description: 'how it ended; not there while it is held',
              }),
            ),
            settled: TokensSchema,
            returned: TokensSchema,
            ranMs: Type.Integer({ description: 'how much of the effect ran, in milliseconds' }),
            acceptedAt: Time("by the database's clock"),
            startBy: Type.Optional(Time('the start deadline of its effect')),
            expiresAt: Type.Optional(Time('when the tokens go back by themselves')),
          }),
          401: ProblemSchema,
          404: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      const { wallet, tip: tipId } = request.params;
      await requireWallet(context, request, wallet);
      const tip = await findTipOfWallet(context.ledger, tipId, wallet);
      if (!tip) throw paymentsProblem('tip_not_found');
      const { roomId, amount, result, settled, returned, ranMs, acceptedAt, startBy, expiresAt } = tip;
      return reply.header('cache-control', 'no-store').send({
        tipId,
        roomId,
        amount: amount.toString(),
        state: moneyState(result, settled),
        ...(result ? { result } : {}),
        settled: settled.toString(),
        returned: returned.toString(),
        ranMs,
        acceptedAt: acceptedAt.toISOString(),
        ...(startBy ? { startBy: startBy.toISOString() } : {}),
        ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
      });
    },
  );
}
