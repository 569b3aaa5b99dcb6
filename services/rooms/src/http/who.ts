import { withPostgres } from '@nightjar/kit/postgres';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { roomsProblem } from '../errors.ts';
import { findRoom, type RoomNow } from '../store/rooms.ts';

/** The broadcaster who asks. Throws access_token_missing, access_token_invalid, broadcaster_only; none of them says a thing of a room. */
export async function broadcasterOf(context: Context, request: FastifyRequest): Promise<string> {
  const { broadcasterId } = await context.access.check(request.headers.authorization, 'rooms');
  if (!broadcasterId) throw roomsProblem('broadcaster_only');
  return broadcasterId;
}

/** The asking broadcaster's own room; another's answers like none. */
export async function ownRoom(context: Context, request: FastifyRequest, idOrSlug: string): Promise<RoomNow> {
  const broadcasterId = await broadcasterOf(context, request);
  const room = await withPostgres(() => findRoom(context.db, idOrSlug));
  if (room?.broadcasterId !== broadcasterId) throw roomsProblem('room_not_found');
  return room;
}

/**
 * A room that the asker may know of: by the fence of their address, or as its owner, who may have fenced out the very
 * place that she lives in. Throws room_not_found for everything else.
 */
export async function visibleRoom(
  context: Context,
  request: FastifyRequest,
  idOrSlug: string,
): Promise<RoomNow> {
  const owner = request.headers.authorization
    ? (await context.access.check(request.headers.authorization, 'rooms')).broadcasterId
    : undefined;
  const room = await withPostgres(() => findRoom(context.db, idOrSlug));
  if (room && (room.broadcasterId === owner || context.fence.allows(room.roomId, request))) return room;
  throw roomsProblem('room_not_found');
}
