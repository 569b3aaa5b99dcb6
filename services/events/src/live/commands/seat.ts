import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { REFUSED } from '../../errors.ts';
import type { Guest } from '../guest.ts';

/** A bridge asks for the room's one seat. `wait` means: ask again, the last holder's permit is still running out. */
export async function seat(guest: Guest, message: Extract<ClientMessage, { t: 'seat' }>): Promise<void> {
  const { context, holder } = guest;
  if (context.drain.going) return guest.say({ t: 'seat', held: false, code: REFUSED.draining });
  const answer = await context.roomLog.seat(holder.roomId, seatHolder(guest), message.take);
  if (answer.seat === 'held') return guest.say({ t: 'seat', held: true });
  guest.say({ t: 'seat', held: false, code: answer.seat === 'taken' ? REFUSED.seatTaken : REFUSED.seatWait });
}

/** One run of one bridge, over all of its sockets: so that it can move from one pod to another without a pause. */
export function seatHolder(guest: Guest): string {
  const { bridge, sessionId } = guest.holder;
  return bridge ? `${bridge.publicKey}/${bridge.instance}` : sessionId;
}
