import type { Endpoints } from './endpoints.ts';
import type { HttpClient } from './http.ts';
import type { Identity } from './identity.ts';
import { readAmount, readObject } from './read.ts';
import { withAccess } from './rooms.ts';

/** A room's tokens. */
export interface Earnings {
  readonly earned: bigint;
  /** Held for tips whose outcome is not known yet. */
  readonly held: bigint;
}

export interface EarningsParts {
  readonly endpoints: Pick<Endpoints, 'payments'>;
  readonly http: HttpClient;
  /** Of the room's owner, signed in as a broadcaster. */
  readonly identity: Identity;
}

/** What a room of one's own has earned. @throws ProblemError `room_not_found` for anybody else's */
export async function getEarnings(
  { endpoints, http, identity }: EarningsParts,
  roomId: string,
): Promise<Earnings> {
  const path = `/v1/rooms/${encodeURIComponent(roomId)}/earnings`;
  const answer = await withAccess(identity, 'payments', (accessToken) =>
    http({ method: 'GET', base: endpoints.payments, path, accessToken }),
  );
  const earnings = readObject(answer);
  return { earned: readAmount(earnings, 'earned'), held: readAmount(earnings, 'held') };
}
