import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { problem } from '../../errors.ts';
import type { Guest } from '../guest.ts';
import { keyAskedMessage } from '../room-channel.ts';

/**
 * Somebody asks whoever keeps the chat's keys for one. Said to the broadcaster's sockets, on whichever pod they are, and
 * kept nowhere: with no broadcaster there nothing happens, nobody answers, and the client asks again.
 */
export async function keyAsk(
  guest: Guest,
  { request }: Extract<ClientMessage, { t: 'key-ask' }>,
): Promise<void> {
  const { context, holder, ref, room } = guest;
  if (!guest.spend('keyAsks') || !room.spend('keyAsks', context.clock.mono()))
    throw problem('too_many_key_asks');
  const from = holder.role === 'viewer' ? holder.pseudonym : undefined;
  await context.roomLog.say(holder.roomId, keyAskedMessage({ ref, ...(from ? { from } : {}), request }));
}
