import type { Identity } from '@nightjar/client/identity';
import { codeOf } from './problem-words.ts';

/** Whether the operator has made this key a broadcaster. @throws ProblemError where that could not be asked */
export async function isBroadcaster(identity: Identity): Promise<boolean> {
  try {
    await identity.accessToken('rooms');
    return true;
  } catch (error) {
    if (codeOf(error) === 'not_a_broadcaster') return false;
    throw error;
  }
}

/** What the operator types, with the key in it. */
export function operatorCommand(publicKey: string): string {
  return `scripts/operator broadcaster add --public-key ${publicKey}`;
}
