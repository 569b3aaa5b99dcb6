import { ACCESS_TOKEN_ISSUER } from '@nightjar/kit/access-token';
import { SignJWT } from 'jose';
import { ACCESS_TOKEN_MS } from '../domain/key-schedule.ts';
import type { BroadcasterId } from '../store/broadcasters.ts';
import type { Signer } from './key-ring.ts';

export interface Minted {
  readonly accessToken: string;
  readonly expiresAt: string;
}

/** An access token (JWT, RFC 7519, EdDSA) for one audience. */
export async function mintAccessToken(
  signer: Signer,
  claims: { subject: string; audience: string; broadcasterId?: BroadcasterId },
  nowMs: number,
): Promise<Minted> {
  const issuedAt = Math.floor(nowMs / 1000);
  const expiresAt = issuedAt + ACCESS_TOKEN_MS / 1000;
  const accessToken = await new SignJWT(claims.broadcasterId ? { broadcaster: claims.broadcasterId } : {})
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.kid })
    .setIssuer(ACCESS_TOKEN_ISSUER)
    .setAudience(claims.audience)
    .setSubject(claims.subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(signer.key);
  return { accessToken, expiresAt: new Date(expiresAt * 1000).toISOString() };
}
