import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import type { Guest } from '../guest.ts';
import { keysMessage } from '../room-channel.ts';

/** The keeper's sealed answers, each for one connection on whichever pod it is. Kept nowhere; who is gone asks again. */
export async function keys(guest: Guest, { keys }: Extract<ClientMessage, { t: 'keys' }>): Promise<void> {
  await guest.context.roomLog.say(guest.holder.roomId, keysMessage(keys));
}
