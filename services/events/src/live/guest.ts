import type { ServerMessage } from '@nightjar/contracts/ws-protocol';
import type { Context } from '../context.ts';
import type { TicketHolder } from '../log/tickets.ts';
import type { Room } from './room.ts';

/** What commands act in: somebody who came in. */
export interface Guest {
  readonly holder: TicketHolder;
  readonly room: Room;
  readonly context: Context;
  say(message: ServerMessage): void;
  /** Takes one from the session's own rate for tips or chat. */
  spend(rate: 'tips' | 'chats'): boolean;
}
