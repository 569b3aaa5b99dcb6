import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';

export interface Asker {
  readonly role: Role;
  /** The room-scoped pseudonym; empty for somebody who only watches. */
  readonly pseudonym: string;
  /** Set only when acting as a broadcaster. */
  readonly broadcasterId: string;
}

/** What somebody may be in a room; undefined: nothing, and not even that it exists. Never more than was asked for. */
export function roleIn(
  room: { readonly broadcasterId: string },
  keptOut: boolean,
  asker: Asker,
): Role | undefined {
  switch (asker.role) {
    case Role.BROADCASTER:
    case Role.BRIDGE:
      return asker.broadcasterId === room.broadcasterId ? asker.role : undefined;
    case Role.VIEWER:
    case Role.GUEST:
      if (keptOut) return undefined;
      return asker.pseudonym === '' ? Role.GUEST : asker.role;
    default:
      return undefined;
  }
}
