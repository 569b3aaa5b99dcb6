import { CLOSE } from '@nightjar/contracts/ws-protocol';

/** Why a socket ended, or a session did. `code` is stable: a name of CLOSE, a problem's code, or one of ours. */
export interface CloseReason {
  readonly code: string;
  /** For people. */
  readonly why: string;
  /** Whether coming back by itself makes sense. */
  readonly retry: boolean;
}

const BY_CODE: ReadonlyMap<number, CloseReason> = new Map(
  Object.entries(CLOSE).map(([name, { code, retry, why }]) => [code, { code: toSnake(name), retry, why }]),
);

/** What a socket's close code means. Codes that the protocol does not name are the network's, and pass. */
export function closeReason(code: number): CloseReason {
  return BY_CODE.get(code) ?? { code: 'connection_lost', retry: true, why: 'the connection broke' };
}

/** What this side finds wrong with a link; it comes back with a new one. */
export const LINK_FAULTS = {
  gap: 'the room sent something out of order',
  bad_frame: 'the server sent something unreadable',
  open_timeout: 'the socket did not open in time',
  welcome_timeout: 'the room did not answer in time',
  silent: 'nothing was heard from the server',
  stuck: 'the network takes nothing more',
} as const;

export type LinkFault = keyof typeof LINK_FAULTS;

export function linkFault(code: LinkFault): CloseReason {
  return { code, why: LINK_FAULTS[code], retry: true };
}

export const LEFT: CloseReason = { code: 'left', why: 'you left', retry: false };

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
