import {
  DisconnectReason,
  type RemoteTrack,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  VideoQuality,
} from 'livekit-client';
import { mediaUrl } from '../lib/backend.ts';
import { preferences, type Quality } from '../lib/preferences.ts';
import { Store } from '../lib/store.ts';
import { FRAME_WAIT_MS_MAX, MEDIA_RETRY_MS, MEDIA_RETRY_MS_MAX } from './limits.ts';

export interface Picture {
  /**
   * `off`: not asked for. `waiting`: nobody publishes yet, or we are still connecting. `lost`: there was a picture and
   * its last frame stays. `removed`: the server put this person out.
   */
  readonly phase: 'off' | 'waiting' | 'live' | 'lost' | 'removed';
  readonly sound: boolean;
  readonly muted: boolean;
  readonly width: number;
  readonly height: number;
}

/**
 * Asks for a way into the show's media; see Rooms.mediaGrant. Its tickets are for one use, so it is asked each time.
 *
 * @param before the access token that was had last
 */
export type GetGrant = (before: string | undefined) => Promise<{ readonly accessToken: string }>;

// Its log names rooms and identities.
setLogLevel('warn');

const QUALITY: Readonly<Record<Exclude<Quality, 'auto'>, VideoQuality>> = {
  high: VideoQuality.HIGH,
  medium: VideoQuality.MEDIUM,
  low: VideoQuality.LOW,
};

/**
 * The show's picture and sound in one video element. It comes back by itself, and can change over to another grant
 * without losing a frame, as when a guest becomes a viewer.
 */
export class Watch {
  readonly picture = new Store<Picture>({ phase: 'off', sound: false, muted: true, width: 0, height: 0 });
  readonly #video: HTMLVideoElement;
  #getGrant: GetGrant | undefined;
  #room: Room | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #run = 0;
  #granted: string | undefined;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    video.muted = true;
    video.volume = preferences.current.volume;
    // The element has no size of its own before its first frame, and a new one whenever the layer changes.
    video.addEventListener('resize', () => {
      this.#say({ width: video.videoWidth, height: video.videoHeight });
    });
  }

  /** Begins to watch, or changes over to another grant while the old picture stays until the new one is there. */
  start(getGrant: GetGrant): void {
    this.#getGrant = getGrant;
    this.#run += 1;
    this.#tries = 0;
    clearTimeout(this.#retry);
    if (this.picture.current.phase === 'off' || this.picture.current.phase === 'removed')
      this.#say({ phase: 'waiting' });
    void this.#connect(this.#run);
  }

  stop(): void {
    this.#run += 1;
    clearTimeout(this.#retry);
    this.#leave(this.#room);
    this.#room = undefined;
    this.#say({ phase: 'off', sound: false });
  }

  /** A person's press: browsers give sound to nobody else. */
  async setMuted(muted: boolean): Promise<void> {
    this.#video.muted = muted;
    this.#say({ muted });
    for (const publication of this.#publications()) this.#wantSound(publication);
    if (!muted) await this.#room?.startAudio().catch(() => {});
    await this.#video.play().catch(() => {});
  }

  setVolume(volume: number): void {
    this.#video.volume = volume;
  }

  setQuality(quality: Quality): void {
    for (const publication of this.#publications()) applyQuality(publication, quality);
  }

  /**
   * Sound that nobody hears is not fetched: a browser holds the picture back until sound and picture fit together, and
   * without sound it comes as soon as it can.
   */
  #wantSound(publication: RemoteTrackPublication): void {
    if (publication.kind === Track.Kind.Audio) publication.setSubscribed(!this.picture.current.muted);
  }

  *#publications(): Generator<RemoteTrackPublication> {
    for (const participant of this.#room?.remoteParticipants.values() ?? []) {
      for (const publication of participant.trackPublications.values()) yield publication;
    }
  }

  async #connect(run: number): Promise<void> {
    const room = new Room({ adaptiveStream: false, dynacast: false, stopLocalTrackOnUnpublish: true });
    room.on(
      RoomEvent.TrackSubscribed,
      (track, publication) => void this.#take(room, run, track, publication),
    );
    room.on(RoomEvent.TrackUnpublished, ({ kind }) => {
      if (run === this.#run && room === this.#room) this.#lose(kind);
    });
    room.on(RoomEvent.Reconnecting, () => {
      if (run === this.#run && this.picture.current.phase === 'live') this.#say({ phase: 'lost' });
    });
    room.on(RoomEvent.Reconnected, () => {
      if (run === this.#run && this.picture.current.phase === 'lost') this.#say({ phase: 'live' });
    });
    room.on(RoomEvent.Disconnected, (reason) => this.#onDisconnected(room, run, reason));
    try {
      const { accessToken } = (await this.#getGrant?.(this.#granted)) ?? {};
      if (run !== this.#run || accessToken === undefined) return;
      this.#granted = accessToken;
      await room.connect(mediaUrl(), accessToken, { autoSubscribe: true, maxRetries: 1 });
      if (run !== this.#run) return void room.disconnect();
      this.#tries = 0;
      // Without a picture there is nothing to keep until another one is there.
      if (this.picture.current.phase !== 'live') this.#adopt(room);
    } catch (error) {
      void room.disconnect();
      if (run === this.#run) this.#again(run, error);
    }
  }

  async #take(
    room: Room,
    run: number,
    track: RemoteTrack,
    publication: RemoteTrackPublication,
  ): Promise<void> {
    if (run !== this.#run) return;
    if (track.kind === Track.Kind.Video) {
      applyQuality(publication, preferences.current.quality);
      // While another picture runs, a hidden element waits for this one's first frame.
      if (this.picture.current.phase === 'live' && room !== this.#room) await firstFrameApart(track);
      if (run !== this.#run) return;
      this.#adopt(room);
      track.attach(this.#video);
      void this.#video.play().catch(() => {});
      await firstFrame(this.#video);
      if (run === this.#run) this.#say({ phase: 'live' });
    } else {
      this.#say({ sound: true });
      this.#wantSound(publication);
      if (!this.picture.current.muted) track.attach(this.#video);
    }
  }

  /** From now on this connection's picture is the one that is shown; the one before goes. */
  #adopt(room: Room): void {
    if (this.#room === room) return;
    const before = this.#room;
    this.#room = room;
    this.#leave(before);
  }

  #lose(kind: Track.Kind): void {
    if (kind === Track.Kind.Audio) this.#say({ sound: false });
    else if (this.picture.current.phase === 'live') this.#say({ phase: 'lost' });
  }

  #onDisconnected(room: Room, run: number, reason: DisconnectReason | undefined): void {
    if (run !== this.#run || (this.#room !== undefined && room !== this.#room)) return;
    if (reason === DisconnectReason.CLIENT_INITIATED) return;
    this.#room = undefined;
    if (reason === DisconnectReason.PARTICIPANT_REMOVED) {
      this.#end('removed');
      return;
    }
    if (this.picture.current.phase === 'live') this.#say({ phase: 'lost' });
    this.#again(run, undefined);
  }

  /** Nothing of the show may stay on the screen of somebody who was put out. */
  #end(phase: 'removed'): void {
    this.#run += 1;
    clearTimeout(this.#retry);
    this.#video.srcObject = null;
    this.#say({ phase, sound: false });
  }

  #again(run: number, error: unknown): void {
    const { retry, code } = (error ?? { retry: true }) as { retry?: boolean; code?: string };
    // A show that is not on is told by the room; whoever watches starts again then.
    if (retry === false && code !== 'ticket_invalid') {
      this.#say({ phase: 'off' });
      return;
    }
    const waitMs =
      Math.min(MEDIA_RETRY_MS * 2 ** this.#tries, MEDIA_RETRY_MS_MAX) * (0.5 + Math.random() / 2);
    this.#tries += 1;
    this.#retry = setTimeout(() => void this.#connect(run), waitMs);
  }

  #leave(room: Room | undefined): void {
    if (!room) return;
    room.removeAllListeners();
    void room.disconnect();
  }

  #say(change: Partial<Picture>): void {
    this.picture.update((current) => ({ ...current, ...change }));
  }
}

function applyQuality(publication: RemoteTrackPublication, quality: Quality): void {
  if (publication.kind !== Track.Kind.Video) return;
  publication.setVideoQuality(quality === 'auto' ? VideoQuality.HIGH : QUALITY[quality]);
}

async function firstFrameApart(track: RemoteTrack): Promise<void> {
  const apart = document.createElement('video');
  apart.muted = true;
  apart.playsInline = true;
  track.attach(apart);
  await apart.play().catch(() => {});
  await firstFrame(apart);
  track.detach(apart);
}

function firstFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FRAME_WAIT_MS_MAX);
    video.requestVideoFrameCallback(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
