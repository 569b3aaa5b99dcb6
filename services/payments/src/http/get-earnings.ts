import { type Http, ProblemSchema } from '@nightjar/kit/http';
import { Problem } from '@nightjar/kit/problem';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { paymentsProblem } from '../errors.ts';
import { roomMoney } from '../store/wallets.ts';
import { TokensSchema } from './schemas.ts';

const ROOM_CHARS_MAX = 100;

export function getEarnings(app: Http, context: Context): void {
  app.get(
    '/v1/rooms/:room/earnings',
    {
      schema: {
        operationId: 'getEarnings',
        summary: "A room's earnings",
        description:
          "Asked by the room's owner, with an access token for `payments` as a broadcaster. For anybody else there is no such room.",
        tags: ['payments'],
        params: Type.Object({
          room: Type.String({
            minLength: 1,
            maxLength: ROOM_CHARS_MAX,
            description: "the room's id or slug",
          }),
        }),
        response: {
          200: Type.Object({ roomId: Type.String(), earned: TokensSchema, held: TokensSchema }),
          401: ProblemSchema,
          404: ProblemSchema,
          503: ProblemSchema,
        },
      },
    },
    async (request, reply) => {
      const { broadcasterId } = await context.access.check(request.headers.authorization, 'payments');
      const roomId = await ownRoom(context, request.params.room, broadcasterId);
      const { earned, held } = await roomMoney(context.ledger, roomId);
      return reply
        .header('cache-control', 'no-store')
        .send({ roomId, earned: earned.toString(), held: held.toString() });
    },
  );
}

async function ownRoom(context: Context, room: string, broadcasterId: string | undefined): Promise<string> {
  if (!broadcasterId) throw paymentsProblem('room_not_found');
  try {
    const found = await context.rooms.getRoom({ roomId: room });
    if (found.broadcasterId === broadcasterId) return found.roomId;
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'not_found') throw error;
  }
  throw paymentsProblem('room_not_found');
}
