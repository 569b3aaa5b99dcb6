import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { chat } from './commands/chat.ts';
import { keeper } from './commands/keeper.ts';
import { keyAsk } from './commands/key-ask.ts';
import { keys } from './commands/keys.ts';
import { outcome } from './commands/outcome.ts';
import { permit } from './commands/permit.ts';
import { progress } from './commands/progress.ts';
import { seat } from './commands/seat.ts';
import { strike } from './commands/strike.ts';
import { tip } from './commands/tip.ts';
import type { Guest } from './guest.ts';

/** Does what a message asks for. Throws Problem. */
export function work(guest: Guest, message: Exclude<ClientMessage, { t: 'hello' | 'ping' }>): Promise<void> {
  switch (message.t) {
    case 'chat':
      return chat(guest, message);
    case 'key-ask':
      return keyAsk(guest, message);
    case 'keys':
      return keys(guest, message);
    case 'keeper':
      return keeper(guest, message);
    case 'strike':
      return strike(guest, message);
    case 'tip':
      return tip(guest, message);
    case 'seat':
      return seat(guest, message);
    case 'permit':
      return permit(guest, message);
    case 'progress':
      return progress(guest, message);
    case 'outcome':
      return outcome(guest, message);
  }
}

/** The id that an answer names it by. */
export function idOf(message: ClientMessage): string | undefined {
  if ('id' in message) return message.id;
  return 'tipId' in message ? message.tipId : undefined;
}
