import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { problem } from '../../errors.ts';
import type { Guest } from '../guest.ts';

/**
 * Who keeps the chat's keys, and which is in force: to everybody, and in the snapshot for whoever comes. The server does
 * not read it. A new epoch has none until the keeper says it again, under a new id.
 */
export async function keeper(
  guest: Guest,
  { id, statement }: Extract<ClientMessage, { t: 'keeper' }>,
): Promise<void> {
  const { context, holder } = guest;
  if (!guest.spend('keepers')) throw problem('too_many_messages');
  const at = new Date(context.clock.wall()).toISOString();
  const entry = JSON.stringify({ at, kind: 'keeper', statement });
  const appended = await context.roomLog.append({
    roomId: holder.roomId,
    entry,
    messageId: id,
    set: { field: 'keeper', value: entry },
  });
  if (appended.status !== 'gap') guest.say({ t: 'posted', id, offset: appended.offset });
}
