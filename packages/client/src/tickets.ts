import type { Role } from '@nightjar/contracts/ws-protocol';
import type { Endpoints } from './endpoints.ts';
import type { HttpClient } from './http.ts';
import type { Identity } from './identity.ts';
import { readObject, readText } from './read.ts';
import { withAccess } from './rooms.ts';

/** A join ticket: for half a minute, for one socket and one media grant. */
export interface Ticket {
  readonly ticket: string;
  readonly role: string;
  readonly roomId: string;
  readonly pseudonym?: string;
}

export interface TicketParts {
  readonly endpoints: Pick<Endpoints, 'events'>;
  readonly http: HttpClient;
  readonly roomId: string;
  readonly as: Role;
  /** Everybody but a guest. */
  readonly identity?: Identity;
  readonly bridge?: BridgeTicket;
}

export interface BridgeTicket {
  /** The public key that outcomes are signed with, base64url. */
  readonly bridgeKey: string;
  /** Random for each run; sockets of one run share the seat. */
  readonly bridgeInstance: string;
}

/** @throws ProblemError; `room_not_found` for whoever may not come in, whatever the reason */
export async function getTicket(parts: TicketParts, signal?: AbortSignal): Promise<Ticket> {
  const { as, bridge, identity, roomId } = parts;
  const ask = (accessToken?: string) =>
    parts.http({
      method: 'POST',
      base: parts.endpoints.events,
      path: `/v1/rooms/${encodeURIComponent(roomId)}/tickets`,
      body: { as, ...bridge },
      // A ticket that is not used runs out by itself.
      repeatable: true,
      ...(accessToken === undefined ? {} : { accessToken }),
      ...(signal ? { signal } : {}),
    });
  if (as !== 'guest' && !identity) throw new TypeError(`to come in as ${as} needs an identity`);
  const given = identity && as !== 'guest' ? await withAccess(identity, `room:${roomId}`, ask) : await ask();
  const answer = readObject(given);
  return {
    ticket: readText(answer, 'ticket'),
    role: readText(answer, 'role'),
    roomId: readText(answer, 'roomId'),
    ...(typeof answer.pseudonym === 'string' ? { pseudonym: answer.pseudonym } : {}),
  };
}
