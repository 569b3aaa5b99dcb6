import { TokenVerifier } from 'livekit-server-sdk';
import { MEDIA_TOKEN_LEEWAY_S } from '../limits.ts';

/** Whom one of LiveKit's access tokens lets into which show. */
export interface MediaHolder {
  readonly showId: string;
  readonly identity: string;
}

/**
 * Reads LiveKit's access tokens: those that we signed and those that LiveKit gives, with the same key and claims but
 * for longer, to whoever is connected. Undefined for all that LiveKit itself would let nobody in with.
 */
export function grantVerifier({ key, secret }: { key: string; secret: string }) {
  const verifier = new TokenVerifier(key, secret);
  return async (accessToken: string, leewayS = MEDIA_TOKEN_LEEWAY_S): Promise<MediaHolder | undefined> => {
    const claims = await verifier.verify(accessToken, leewayS).catch(() => undefined);
    const { room, roomJoin } = claims?.video ?? {};
    // The subject: the claims' type has no name for it.
    const identity = claims && 'sub' in claims && typeof claims.sub === 'string' ? claims.sub : '';
    return room && roomJoin === true && identity !== '' ? { showId: room, identity } : undefined;
  };
}
