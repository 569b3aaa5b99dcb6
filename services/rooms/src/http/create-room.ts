import { createHash } from 'node:crypto';
import type { Http } from '@nightjar/kit/http';
import { orderedId } from '@nightjar/kit/ids';
import { withPostgres } from '@nightjar/kit/postgres';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { ROOM_NAME_PATTERN, slugOf } from '../domain/slug.ts';
import { roomsProblem } from '../errors.ts';
import { SLUG_TAIL_CHARACTERS } from '../limits.ts';
import { insertRoom, reserveRoomId } from '../store/create-room.ts';
import { findRoom } from '../store/rooms.ts';
import { problemResponses, RoomView, roomView, signedIn, strict, Title } from './schemas.ts';
import { broadcasterOf } from './who.ts';

export function createRoom(app: Http, context: Context): void {
  app.post(
    '/v1/rooms',
    {
      schema: {
        tags: ['rooms'],
        operationId: 'createRoom',
        summary: 'Makes a room of yours, open to all until you fence it',
        security: signedIn,
        headers: Type.Object({
          'idempotency-key': Type.Optional(
            Type.String({ description: 'required; the same key again answers the same room' }),
          ),
        }),
        body: Type.Object(
          {
            name: Type.String({
              pattern: ROOM_NAME_PATTERN,
              description: 'the beginning of the slug; need not be unique',
            }),
            title: Title,
          },
          strict,
        ),
        response: { 201: RoomView, ...problemResponses },
      },
    },
    async (request, reply) => {
      const broadcasterId = await broadcasterOf(context, request);
      const key = request.headers['idempotency-key'];
      if (!key || !/^[\w-]{1,64}$/.test(key)) throw roomsProblem('idempotency_key_missing');
      const { name, title } = request.body;
      const asked = createHash('sha256')
        .update(JSON.stringify([name, title]))
        .digest();
      const roomId = await withPostgres(() =>
        reserveRoomId(context.db, {
          broadcasterId,
          key,
          asked,
          roomId: orderedId('room', context.clock.wall()),
        }),
      );
      // First the fence: there is never a room without one, wherever this is cut off. The same key goes on from here.
      await context.geofence.createFence({ roomId, broadcasterId });
      const slug = slugOf(name, context.random(SLUG_TAIL_CHARACTERS));
      await withPostgres(() => insertRoom(context.db, { id: roomId, slug, broadcasterId, title }));
      const room = await withPostgres(() => findRoom(context.db, roomId));
      if (!room) throw roomsProblem('room_not_found');
      return reply.code(201).send(roomView(room));
    },
  );
}
