import { withPostgres } from '@nightjar/kit/postgres';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { geofenceProblem } from '../errors.ts';
import { findFence, type StoredFence } from '../store/fences.ts';

/** The broadcaster who asks. Throws access_token_missing, access_token_invalid, broadcaster_only; none says a thing of a room. */
export async function broadcasterOf(context: Context, request: FastifyRequest): Promise<string> {
  const { broadcasterId } = await context.access.check(request.headers.authorization, 'geofence');
  if (!broadcasterId) throw geofenceProblem('broadcaster_only');
  return broadcasterId;
}

/** The fence of the asking broadcaster's own room; another's answers like none. */
export async function ownFence(
  context: Context,
  roomId: string,
  broadcasterId: string,
): Promise<StoredFence> {
  const found = await withPostgres(() => findFence(context.db, roomId));
  if (found?.broadcasterId !== broadcasterId) throw geofenceProblem('room_not_found');
  return found;
}

/** How a fence is shown to its owner. */
export function viewOf({ roomId, version, fence }: StoredFence) {
  return {
    roomId,
    version,
    rules: fence.rules.map((rule) =>
      rule.kind === 'anonymizer' ? rule : { ...rule, values: [...rule.values] },
    ),
    otherwise: fence.otherwise,
    unknown: fence.unknown,
  };
}
