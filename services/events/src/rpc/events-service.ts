import type { EventsService } from '@nightjar/contracts/gen/events/v1/events_pb';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { RpcHandlers } from '@nightjar/kit/rpc-server';
import type { Context } from '../context.ts';
import { problem } from '../errors.ts';
import { COUNTED_ROOMS_MAX } from '../limits.ts';

const ROLES = {
  guest: Role.GUEST,
  viewer: Role.VIEWER,
  broadcaster: Role.BROADCASTER,
  bridge: Role.BRIDGE,
} as const;

export function eventsRpc({
  tickets,
  roomLog,
  clock,
}: Pick<Context, 'tickets' | 'roomLog' | 'clock'>): RpcHandlers<typeof EventsService> {
  return {
    async countViewers({ roomIds }) {
      if (roomIds.length > COUNTED_ROOMS_MAX) throw problem('too_many_rooms');
      return { viewers: await roomLog.viewers(roomIds, clock.wall()) };
    },
    async redeemTicket({ ticket }) {
      const { roomId, role, pseudonym, sessionId } = await tickets.redeem(ticket, 'media');
      return { roomId, role: ROLES[role], pseudonym: pseudonym ?? '', sessionId };
    },
  };
}
