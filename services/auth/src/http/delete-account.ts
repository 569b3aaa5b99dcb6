import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { disappearText } from '../domain/signed-texts.ts';
import { authProblem } from '../errors.ts';
import { deleteAccount as deleteStored } from '../store/accounts.ts';
import { takeChallenge } from '../store/challenges.ts';
import { limitAddress } from './limit.ts';
import { checkSignature } from './proof.ts';
import { ChallengeSchema, PublicKeySchema, SignatureSchema } from './schemas.ts';

export function deleteAccount(app: Http, context: Context): void {
  app.delete(
    '/v1/auth/account',
    {
      schema: {
        operationId: 'deleteAccount',
        summary: 'Disappear',
        description: [
          'Deletes the account of this key, its other keys and its broadcaster id, for good.',
          'The signature is Ed25519 over two lines: `nightjar/disappear/v1` and the challenge.',
          'Access tokens that are out run for at most 10 minutes more. Signing in again begins a new account.',
          'A key without an account is answered in the same way.',
        ].join(' '),
        tags: ['auth'],
        body: Type.Object(
          { publicKey: PublicKeySchema, challenge: ChallengeSchema, signature: SignatureSchema },
          { additionalProperties: false },
        ),
        response: {
          204: Type.Null({ description: 'there is no such account any more' }),
          400: ProblemSchema,
          401: ProblemSchema,
          429: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      limitAddress(context.signInLimits, request.clientAddress, context.clock.mono());
      const { publicKey, challenge, signature } = request.body;
      const key = await checkSignature(publicKey, disappearText(challenge), signature);
      const gone = await withPostgres(() =>
        context.db.transaction().execute(async (tx) => {
          if (!(await takeChallenge(tx, challenge, new Date(context.clock.wall())))) return false;
          await deleteStored(tx, key);
          return true;
        }),
      );
      if (!gone) throw authProblem('challenge_invalid');
      return reply.code(204).send(null);
    },
  );
}
