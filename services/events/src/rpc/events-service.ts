import type { EventsService } from '@nightjar/contracts/gen/events/v1/events_pb';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { RpcHandlers } from '@nightjar/kit/rpc-server';
import type { Tickets } from '../log/tickets.ts';

const ROLES = {
  guest: Role.GUEST,
  viewer: Role.VIEWER,
  broadcaster: Role.BROADCASTER,
  bridge: Role.BRIDGE,
} as const;

export function eventsRpc(tickets: Tickets): RpcHandlers<typeof EventsService> {
  return {
    async redeemTicket({ ticket }) {
      const { roomId, role, pseudonym, sessionId } = await tickets.redeem(ticket, 'media');
      return { roomId, role: ROLES[role], pseudonym: pseudonym ?? '', sessionId };
    },
  };
}
