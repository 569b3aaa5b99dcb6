import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { problem, Silenced } from '../../errors.ts';
import type { Guest } from '../guest.ts';

/** A chat line: sealed bytes into the room's log. The server knows who sent it in this room, and no more. */
export async function chat(guest: Guest, message: Extract<ClientMessage, { t: 'chat' }>): Promise<void> {
  const { context, holder, room } = guest;
  const silencedUntil =
    holder.role === 'viewer' && room.sanctions.silencedUntil(holder.pseudonym ?? '', context.clock.wall());
  if (silencedUntil) throw new Silenced(silencedUntil);
  if (!guest.spend('chats')) throw problem('too_many_lines');
  const at = new Date(context.clock.wall()).toISOString();
  // redis/room.lua finds a line by how it begins.
  const entry = { at, kind: 'chat', id: message.id, from: holder.pseudonym ?? '', body: message.body };
  const appended = await context.roomLog.append({
    roomId: holder.roomId,
    entry: JSON.stringify(entry),
    messageId: message.id,
  });
  if (appended.status !== 'gap') guest.say({ t: 'posted', id: message.id, offset: appended.offset });
}
