import type { ClientMessage, Role } from '@nightjar/contracts/ws-protocol';

/** Who may send what. */
const SENDERS: Readonly<Record<ClientMessage['t'], ReadonlySet<Role>>> = {
  hello: new Set(['guest', 'viewer', 'broadcaster', 'bridge']),
  ping: new Set(['guest', 'viewer', 'broadcaster', 'bridge']),
  chat: new Set(['viewer', 'broadcaster']),
  'key-ask': new Set(['guest', 'viewer']),
  keys: new Set(['broadcaster']),
  keeper: new Set(['broadcaster']),
  strike: new Set(['broadcaster']),
  tip: new Set(['viewer']),
  seat: new Set(['bridge']),
  permit: new Set(['bridge']),
  progress: new Set(['bridge']),
  outcome: new Set(['bridge']),
};

export function maySend(role: Role, message: ClientMessage['t']): boolean {
  return SENDERS[message].has(role);
}

/** Whom the number of viewers counts. */
export function isCounted(role: Role): boolean {
  return role === 'guest' || role === 'viewer';
}

/** Who keeps the chat's keys, and is asked for them. */
export function keepsKeys(role: Role): boolean {
  return role === 'broadcaster';
}

/** Whom a sanction is for: the owner and her bridge are never shut out. */
export function isSanctionable(role: Role): boolean {
  return role === 'viewer';
}
