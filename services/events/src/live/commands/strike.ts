import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { problem } from '../../errors.ts';
import type { Guest } from '../guest.ts';

/** The broadcaster takes a line away: out of the log, and out of what everybody has of it. */
export async function strike(
  guest: Guest,
  { id, lineId }: Extract<ClientMessage, { t: 'strike' }>,
): Promise<void> {
  const { context, holder, room } = guest;
  if (!room.spend('strikes', context.clock.mono())) throw problem('too_many_messages');
  const at = new Date(context.clock.wall()).toISOString();
  const { offset } = await context.roomLog.strike({
    roomId: holder.roomId,
    entry: JSON.stringify({ at, kind: 'struck', lineId }),
    messageId: id,
    lineId,
  });
  guest.say({ t: 'posted', id, offset });
}
