import type { RedeemTicketResponse } from '@nightjar/contracts/gen/events/v1/events_pb';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { Http } from '@nightjar/kit/http';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { PUBLISH, WATCH } from '../domain/media-rights.ts';
import { roomsProblem } from '../errors.ts';
import { MEDIA_GRANT_S, MEDIA_TOKEN_CHARACTERS_MAX, MEDIA_TOKEN_PAST_S } from '../limits.ts';
import { nameGrant, rememberGrant } from '../store/media-grants.ts';
import { findRoom, type RoomNow } from '../store/rooms.ts';
import { isKeptOut } from '../store/sanctions-in-force.ts';
import { problemResponses, RoomParams, strict } from './schemas.ts';

export function grantMedia(app: Http, context: Context): void {
  app.post(
    '/v1/rooms/:room/media-grants',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'grantMedia',
        summary: "Takes a join ticket's media half for a way into the show's picture and sound",
        description:
          'Needs no sign-in but the ticket, which gives one grant. Viewers may only watch; the broadcaster may only publish camera, microphone and screen.',
        params: RoomParams,
        body: Type.Object(
          {
            ticket: Type.String({
              pattern: '^[A-Za-z0-9_-]{43}$',
              description: 'from POST /v1/rooms/{room}/tickets',
            }),
            instead: Type.Optional(
              Type.String({
                maxLength: MEDIA_TOKEN_CHARACTERS_MAX,
                description:
                  'an access token that you had as a guest: what is decided about you holds for it from now on',
              }),
            ),
          },
          strict,
        ),
        response: {
          201: Type.Object({
            url: Type.String({ description: "LiveKit's, for its client" }),
            accessToken: Type.String({ description: "LiveKit's" }),
            identity: Type.String({
              description: 'what LiveKit calls you: random, for this connection alone',
            }),
            expiresAt: Type.String({ description: 'RFC 3339; connect before' }),
          }),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const ticket = await context.events.redeemTicket({ ticket: request.body.ticket });
      const room = await withPostgres(() => findRoom(context.db, request.params.room));
      if (room?.roomId !== ticket.roomId) throw roomsProblem('room_not_found');
      const publishes = ticket.role === Role.BROADCASTER;
      // The owner is not fenced out of her own room.
      if (!publishes && !context.fence.allows(room.roomId, request)) throw roomsProblem('room_not_found');
      if (ticket.role === Role.BRIDGE) throw roomsProblem('media_not_for_bridge');
      const { instead } = request.body;
      if (instead !== undefined && ticket.pseudonym !== '')
        await takeOver(context, room, instead, ticket.pseudonym);
      const showId = await withPostgres(() => showFor(context, room, ticket));
      const accessToken = await context.media.sign({
        showId,
        identity: ticket.sessionId,
        rights: publishes ? PUBLISH : WATCH,
      });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({
          url: context.media.publicUrl,
          accessToken,
          identity: ticket.sessionId,
          expiresAt: new Date(context.clock.wall() + MEDIA_GRANT_S * 1000).toISOString(),
        });
    },
  );
}

/** A guest who became a viewer: their grant of before is the viewer's too, so that a ban ends both. */
async function takeOver(
  context: Context,
  { roomId, show }: RoomNow,
  accessToken: string,
  pseudonym: string,
): Promise<void> {
  const holder = await context.media.holderOf(accessToken, MEDIA_TOKEN_PAST_S);
  if (!holder || holder.showId !== show?.showId) return;
  await withPostgres(() => nameGrant(context.db, { ...holder, roomId, pseudonym }));
}

async function showFor(context: Context, room: RoomNow, ticket: RedeemTicketResponse): Promise<string> {
  const { sessionId: identity, role } = ticket;
  const { roomId, show } = room;
  const owner = role === Role.BROADCASTER;
  // No sanction keeps her out of her own room.
  const pseudonym = owner ? '' : ticket.pseudonym;
  // Written before the sanctions are asked: one that comes after finds the grant, one before is found here.
  if (show) await rememberGrant(context.db, { identity, showId: show.showId, roomId, pseudonym, owner });
  if (await isKeptOut(context.db, roomId, pseudonym)) throw roomsProblem('room_not_found');
  if (!show) throw roomsProblem('show_not_live');
  return show.showId;
}
