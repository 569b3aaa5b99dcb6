import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { toBase64Url } from '@nightjar/sealed/base64url';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { addChallenge, CHALLENGE_MS } from '../store/challenges.ts';
import { limitAddress } from './limit.ts';
import { ChallengeSchema } from './schemas.ts';

const CHALLENGE_BYTES = 32;

export function createChallenge(app: Http, context: Context): void {
  app.post(
    '/v1/auth/challenges',
    {
      schema: {
        operationId: 'createChallenge',
        summary: 'Ask for something to sign',
        description: 'The first step of signing in, and of deleting an account. No body.',
        tags: ['auth'],
        response: {
          201: Type.Object({
            challenge: ChallengeSchema,
            expiresAt: Type.String({ format: 'date-time', description: 'after this it is refused' }),
          }),
          429: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      limitAddress(context.challengeLimits, request.clientAddress, context.clock.mono());
      const challenge = toBase64Url(context.random(CHALLENGE_BYTES));
      const expiresAt = new Date(context.clock.wall() + CHALLENGE_MS);
      await withPostgres(() => addChallenge(context.db, challenge, expiresAt));
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ challenge, expiresAt: expiresAt.toISOString() });
    },
  );
}
