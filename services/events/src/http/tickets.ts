import { Role as ProtoRole } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { Role } from '@nightjar/contracts/ws-protocol';
import { IdSchema } from '@nightjar/contracts/ws-schemas';
import type { Access } from '@nightjar/kit/access-token';
import type { Http } from '@nightjar/kit/http';
import { randomId } from '@nightjar/kit/ids';
import { commonProblem } from '@nightjar/kit/problem';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { problem } from '../errors.ts';
import { TICKET_SECONDS } from '../limits.ts';

const ROLES = ['guest', 'viewer', 'broadcaster', 'bridge'] as const satisfies Role[];

const TO_PROTO: Record<Role, ProtoRole> = {
  guest: ProtoRole.GUEST,
  viewer: ProtoRole.VIEWER,
  broadcaster: ProtoRole.BROADCASTER,
  bridge: ProtoRole.BRIDGE,
};

const Body = Type.Object(
  {
    as: Type.Enum(ROLES, { description: 'the role asked for; guest needs no access token' }),
    bridgeKey: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description: 'bridges: the raw Ed25519 public key that outcomes are signed with, base64url',
      }),
    ),
    bridgeInstance: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{8,64}$',
        description: 'bridges: random for each run; sockets of one run share the seat',
      }),
    ),
  },
  { additionalProperties: false },
);

const Ticket = Type.Object({
  ticket: Type.String({ description: 'opens one socket and one media grant' }),
  expiresAt: Type.String({ format: 'date-time' }),
  roomId: Type.String(),
  role: Type.Enum(ROLES),
  pseudonym: Type.Optional(Type.String({ description: 'the name that this room knows the holder by' })),
});

/** `POST /v1/rooms/{room}/tickets`: whoever may come in gets a ticket; all others hear that there is no such room. */
export function tickets(app: Http, context: Context): void {
  app.post(
    '/v1/rooms/:room/tickets',
    {
      schema: {
        operationId: 'createTicket',
        summary: 'A join ticket: the way into a room',
        tags: ['rooms'],
        params: Type.Object({ room: IdSchema('room') }),
        body: Body,
        response: { 201: Ticket, '4xx': Type.Ref('Problem'), '5xx': Type.Ref('Problem') },
      },
    },
    async (request, reply) => {
      if (!context.ticketLimits.take(request.clientAddress, context.clock.mono()))
        throw commonProblem('too_many_requests');
      const { room: roomId } = request.params;
      const { as, bridgeKey, bridgeInstance } = request.body;
      const access: Access | undefined =
        as === 'guest'
          ? undefined
          : await context.access.check(request.headers.authorization, `room:${roomId}`);
      if (as === 'bridge' && !bridgeKey) throw problem('bridge_key_missing');
      const owns = as === 'broadcaster' || as === 'bridge';
      if (!owns && !context.fence.allows(roomId, context.factsOf(request))) throw problem('room_not_found');
      await context.neighbours.rooms.admit({
        roomId,
        role: TO_PROTO[as],
        pseudonym: access?.subject ?? '',
        broadcasterId: (owns && access?.broadcasterId) || '',
      });
      const sessionId = randomId('session');
      const ticket = await context.tickets.give({
        roomId,
        role: as,
        sessionId,
        ...(access ? { pseudonym: access.subject } : {}),
        ...(as === 'bridge' && bridgeKey
          ? { bridge: { publicKey: bridgeKey, instance: bridgeInstance ?? sessionId } }
          : {}),
      });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({
          ticket,
          expiresAt: new Date(context.clock.wall() + TICKET_SECONDS * 1_000).toISOString(),
          roomId,
          role: as,
          ...(access ? { pseudonym: access.subject } : {}),
        });
    },
  );
}
