import type { ServerMessage } from '@nightjar/contracts/ws-protocol';
import type { Context } from '../context.ts';
import type { TicketHolder } from '../log/tickets.ts';
import type { Room } from './room.ts';

/** What a session has a rate of its own for. */
export type RateName = 'tips' | 'chats' | 'keyAsks' | 'keepers';

/** What commands act in: somebody who came in. */
export interface Guest {
  readonly holder: TicketHolder;
  readonly room: Room;
  readonly context: Context;
  /** Where keys for this connection are sent. */
  readonly ref: string;
  say(message: ServerMessage): void;
  /** Takes one from the session's own rate. */
  spend(rate: RateName): boolean;
}
