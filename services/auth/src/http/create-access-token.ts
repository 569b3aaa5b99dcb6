import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { signInText } from '../domain/signed-texts.ts';
import { pairwiseSubject } from '../domain/subject.ts';
import { authProblem } from '../errors.ts';
import { mintAccessToken } from '../signing/mint.ts';
import { findAccount, findOrMakeAccount } from '../store/accounts.ts';
import { activeBroadcaster } from '../store/broadcasters.ts';
import { takeChallenge } from '../store/challenges.ts';
import { limitAddress } from './limit.ts';
import { checkSignature } from './proof.ts';
import { AudienceSchema, ChallengeSchema, PublicKeySchema, SignatureSchema } from './schemas.ts';

export function createAccessToken(app: Http, context: Context): void {
  app.post(
    '/v1/auth/access-tokens',
    {
      schema: {
        operationId: 'createAccessToken',
        summary: 'Sign in with a device key',
        description: [
          'The signature is Ed25519 over these four lines, without a line end after the last:',
          '`nightjar/sign-in/v1`, the challenge, the audience, and `broadcaster` or `viewer`.',
          'A key that nobody knows gets a new account at once; nothing else is asked.',
        ].join(' '),
        tags: ['auth'],
        body: Type.Object(
          {
            publicKey: PublicKeySchema,
            challenge: ChallengeSchema,
            signature: SignatureSchema,
            audience: AudienceSchema,
            broadcaster: Type.Optional(
              Type.Boolean({
                description: 'act as the broadcaster that the operator made this key; default false',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object({
            accessToken: Type.String({ description: 'a JWT for the Authorization header, as Bearer' }),
            expiresAt: Type.String({ format: 'date-time', description: 'at most 10 minutes from now' }),
            subject: Type.String({
              description:
                'what this account is called towards this audience, and nowhere else; in a room its pseudonym',
            }),
          }),
          400: ProblemSchema,
          401: ProblemSchema,
          403: ProblemSchema,
          429: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      limitAddress(context.signInLimits, request.clientAddress, context.clock.mono());
      const { publicKey, challenge, signature, audience, broadcaster = false } = request.body;
      const key = await checkSignature(publicKey, signInText(challenge, audience, broadcaster), signature);
      const now = new Date(context.clock.wall());
      // Before the challenge is used up: without a signing key nothing else could be answered.
      const signer = await context.ring.signer();
      const who = await withPostgres(() =>
        context.db.transaction().execute(async (tx) => {
          if (!(await takeChallenge(tx, challenge, now))) return 'challenge_invalid';
          if (!broadcaster) return { accountId: await findOrMakeAccount(tx, key) };
          const accountId = await findAccount(tx, key);
          const broadcasterId = accountId && (await activeBroadcaster(tx, accountId));
          return accountId && broadcasterId ? { accountId, broadcasterId } : 'not_a_broadcaster';
        }),
      );
      if (typeof who === 'string') throw authProblem(who);
      const { accountId, ...capacity } = who;
      const subject = pairwiseSubject(context.pseudonymKey, accountId, audience);
      const minted = await mintAccessToken(signer, { subject, audience, ...capacity }, now.getTime());
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...minted, subject });
    },
  );
}
