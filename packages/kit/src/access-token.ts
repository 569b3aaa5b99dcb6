import type { NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import { createLocalJWKSet, type JSONWebKeySet, errors as jose, jwtVerify } from 'jose';
import { commonProblem, Problem } from './problem.ts';
import { client } from './rpc-client.ts';

export const ACCESS_TOKEN_ISSUER = 'nightjar';
/** A service, or one room: `room:<room id>`. */
export type Audience = 'auth' | 'rooms' | 'payments' | 'geofence' | `room:${string}`;

export interface Access {
  /** Different for each audience: in a room it is the room-scoped pseudonym. */
  readonly subject: string;
  /** Only where the holder asked to act as a broadcaster. */
  readonly broadcasterId?: string;
}

export interface AccessChecker {
  /** Throws Problem: access_token_missing, access_token_invalid, unavailable. */
  check(authorization: string | undefined, audience: Audience): Promise<Access>;
}

const KEYS_KEPT_MS = 300_000;
/** A token with an unknown key makes us ask, but not more often than this. */
const KEYS_ASKED_MS_MIN = 1_000;

/** Checks access tokens with the keys that auth publishes; goes on with the keys it has while auth is away. */
export function accessChecker(
  nc: NatsConnection,
  service: string,
  now: () => number = Date.now,
): AccessChecker {
  const auth = client(nc, service, AuthService);
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<void> {
    triedAt = now();
    const { jwksJson } = await auth.getJwks({});
    keys = createLocalJWKSet(JSON.parse(jwksJson) as JSONWebKeySet);
    fetchedAt = now();
  }

  async function current(): Promise<ReturnType<typeof createLocalJWKSet>> {
    if (!keys) await refresh();
    else if (now() - fetchedAt > KEYS_KEPT_MS && now() - triedAt > KEYS_ASKED_MS_MIN)
      await refresh().catch(() => {});
    if (!keys) throw commonProblem('unavailable');
    return keys;
  }

  async function verify(token: string, audience: Audience): Promise<Access> {
    const { payload } = await jwtVerify(token, await current(), {
      issuer: ACCESS_TOKEN_ISSUER,
      audience,
      algorithms: ['EdDSA'],
      requiredClaims: ['sub', 'exp'],
    });
    const broadcasterId = payload.broadcaster;
    return {
      subject: payload.sub ?? '',
      ...(typeof broadcasterId === 'string' ? { broadcasterId } : {}),
    };
  }

  return {
    async check(authorization, audience) {
      const token = /^Bearer ([\w.-]+)$/.exec(authorization ?? '')?.[1];
      if (!token) throw commonProblem('access_token_missing');
      try {
        return await verify(token, audience);
      } catch (error) {
        if (error instanceof Problem) throw error;
        if (error instanceof jose.JWKSNoMatchingKey && now() - triedAt > KEYS_ASKED_MS_MIN) {
          await refresh();
          return await verify(token, audience).catch((again) => {
            throw commonProblem('access_token_invalid', again);
          });
        }
        throw commonProblem('access_token_invalid', error);
      }
    },
  };
}
