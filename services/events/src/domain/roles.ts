import type { ClientMessage, Role } from '@nightjar/contracts/ws-protocol';

/** Who may send what. */
const SENDERS: Readonly<Record<ClientMessage['t'], ReadonlySet<Role>>> = {
  hello: new Set(['guest', 'viewer', 'broadcaster', 'bridge']),
  ping: new Set(['guest', 'viewer', 'broadcaster', 'bridge']),
  chat: new Set(['viewer', 'broadcaster']),
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
