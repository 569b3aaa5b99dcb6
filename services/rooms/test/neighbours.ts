import { randomBytes, randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import { EventsService } from '@nightjar/contracts/gen/events/v1/events_pb';
import { GeofenceService } from '@nightjar/contracts/gen/geofence/v1/geofence_pb';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { silentLog } from '@nightjar/kit/log';
import { Problem } from '@nightjar/kit/problem';
import { serve } from '@nightjar/kit/rpc-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface Ticket {
  readonly roomId: string;
  readonly role: Role;
  readonly pseudonym: string;
}

/** What auth, events and geofence answer to rooms, over the same NATS; their own tests show that they do. */
export async function startNeighbours(nc: NatsConnection) {
  await using stack = new AsyncDisposableStack();
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const jwksJson = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' }] });
  const tickets = new Map<string, Ticket>();
  /** How many watch, by room; a room that is missing has none. */
  const viewers = { counts: new Map<string, number>(), away: false, asked: 0 };
  const fences = { created: [] as string[], away: false };

  stack.use(serve(nc, AuthService, { getJwks: async () => ({ jwksJson }) }, silentLog));
  stack.use(
    serve(
      nc,
      EventsService,
      {
        async redeemTicket({ ticket }) {
          const found = tickets.get(ticket);
          if (!found || !tickets.delete(ticket))
            throw new Problem('unauthenticated', 'ticket_invalid', 'The ticket is used, too old or unknown.');
          return { ...found, sessionId: `ses_${randomUUID()}` };
        },
        async countViewers({ roomIds }) {
          viewers.asked += 1;
          if (viewers.away) throw new Problem('unavailable', 'unavailable', 'away');
          return { viewers: roomIds.map((roomId) => viewers.counts.get(roomId) ?? 0) };
        },
      },
      silentLog,
    ),
  );
  stack.use(
    serve(
      nc,
      GeofenceService,
      {
        async createFence({ roomId }) {
          if (fences.away) throw new Problem('unavailable', 'unavailable', 'away');
          fences.created.push(roomId);
          return { version: 1n };
        },
      },
      silentLog,
    ),
  );
  const owned = stack.move();
  return {
    fences,
    viewers,
    /** An access token for this service. */
    accessToken: (broadcaster?: string) =>
      new SignJWT(broadcaster ? { broadcaster } : {})
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
        .setIssuer('nightjar')
        .setAudience('rooms')
        .setSubject(`sub_${randomUUID()}`)
        .setExpirationTime('10m')
        .sign(privateKey),
    ticket(roomId: string, role: Role = Role.GUEST, pseudonym = ''): string {
      const ticket = randomBytes(32).toString('base64url');
      tickets.set(ticket, { roomId, role, pseudonym });
      return ticket;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
