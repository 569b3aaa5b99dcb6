import { AccessToken, TrackSource } from 'livekit-server-sdk';
import type { MediaRights, MediaSource } from '../domain/media-rights.ts';
import { MEDIA_GRANT_S } from '../limits.ts';

const SOURCES: Record<MediaSource, TrackSource> = {
  camera: TrackSource.CAMERA,
  microphone: TrackSource.MICROPHONE,
  screen_share: TrackSource.SCREEN_SHARE,
  screen_share_audio: TrackSource.SCREEN_SHARE_AUDIO,
};

export interface GrantFor {
  /** LiveKit's room, named like the show. */
  readonly showId: string;
  /** Random, for this connection alone. */
  readonly identity: string;
  readonly rights: MediaRights;
}

/** LiveKit's access token for one participant of one show. Signed here: LiveKit is not asked, and may be away. */
export function signGrant(
  { key, secret }: { key: string; secret: string },
  { showId, identity, rights }: GrantFor,
): Promise<string> {
  const token = new AccessToken(key, secret, { identity, ttl: MEDIA_GRANT_S });
  // Each right is said, since LiveKit takes a missing one for granted.
  token.addGrant({
    room: showId,
    roomJoin: true,
    canPublish: rights.publish.length > 0,
    canPublishSources: rights.publish.map((source) => SOURCES[source]),
    canPublishData: false,
    canSubscribe: rights.subscribe,
    canSubscribeMetrics: false,
    canUpdateOwnMetadata: false,
    hidden: rights.hidden,
  });
  return token.toJwt();
}
