import {
  DisconnectReason,
  LocalTrackPublication,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  VideoPreset,
} from 'livekit-client';
import { mediaUrl } from '../../lib/backend.ts';
import { type Readable, Store } from '../../lib/store.ts';
import {
  CAMERA_FRAMES,
  CAMERA_HEIGHT,
  PUBLISH_RETRY_MS,
  PUBLISH_RETRY_MS_MAX,
  VIDEO_BITS_PER_SECOND,
  VIDEO_LOW_BITS_PER_SECOND,
} from '../limits.ts';
import type { Reading } from './health.ts';
import { readingOf } from './reading.ts';

/** `removed`: another window or device of the broadcaster publishes now, or the server put this one out. */
export type PublishPhase = 'off' | 'connecting' | 'live' | 'lost' | 'removed';

export interface PublishState {
  readonly phase: PublishPhase;
  readonly cameraOff: boolean;
  readonly muted: boolean;
}

interface Tracks {
  readonly video: Readable<MediaStreamTrack | undefined>;
  readonly audio: Readable<MediaStreamTrack | undefined>;
}

// Its log names rooms and identities.
setLogLevel('warn');

const SMALL = new VideoPreset(640, 360, VIDEO_LOW_BITS_PER_SECOND, CAMERA_FRAMES);

/**
 * Sends camera and microphone into the show: VP8 in two layers, so that a viewer whose line is thin gets the small one.
 * A layer that nobody watches is not encoded.
 * It comes back by itself, and follows another camera without leaving the show.
 */
export class Publisher {
  readonly state = new Store<PublishState>({ phase: 'off', cameraOff: false, muted: false });
  readonly #getGrant: () => Promise<{ readonly accessToken: string }>;
  readonly #tracks: Tracks;
  #room: Room | undefined;
  #run = 0;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #off: (() => void)[] = [];
  /** Changes of tracks are done one after the other. */
  #work: Promise<void> = Promise.resolve();

  /** @param getGrant asks for a way in; its tickets are for one use, so it is asked each time */
  constructor(getGrant: () => Promise<{ readonly accessToken: string }>, tracks: Tracks) {
    this.#getGrant = getGrant;
    this.#tracks = tracks;
  }

  start(): void {
    this.stop();
    this.#tries = 0;
    this.#say({ phase: 'connecting' });
    const sync = (): void => this.#sync();
    this.#off = [this.#tracks.video.subscribe(sync), this.#tracks.audio.subscribe(sync)];
    void this.#connect(this.#run);
  }

  stop(): void {
    this.#run += 1;
    clearTimeout(this.#retry);
    for (const off of this.#off) off();
    this.#off = [];
    this.#leave();
    this.#say({ phase: 'off' });
  }

  setMuted(muted: boolean): void {
    this.#say({ muted });
    this.#sync();
  }

  setCameraOff(cameraOff: boolean): void {
    this.#say({ cameraOff });
    this.#sync();
  }

  /** What the senders say now; undefined while nothing is sent. */
  async reading(): Promise<Reading | undefined> {
    const reports: RTCStatsReport[] = [];
    for (const { track } of this.#room?.localParticipant.trackPublications.values() ?? []) {
      const report = await track?.getRTCStatsReport().catch(() => undefined);
      if (report) reports.push(report);
    }
    return reports.length === 0 ? undefined : readingOf(reports, performance.now());
  }

  async #connect(run: number): Promise<void> {
    const room = new Room({ adaptiveStream: false, dynacast: true, stopLocalTrackOnUnpublish: false });
    room.on(RoomEvent.Reconnecting, () => this.#ifCurrent(room, () => this.#say({ phase: 'lost' })));
    room.on(RoomEvent.Reconnected, () => this.#ifCurrent(room, () => this.#say({ phase: 'live' })));
    // Only the broadcaster may publish: whoever begins after us is her in another window, and the latest one counts.
    room.on(RoomEvent.TrackPublished, () => this.#ifCurrent(room, () => this.#giveWay()));
    room.on(RoomEvent.Disconnected, (reason) =>
      this.#ifCurrent(room, () => this.#onDisconnected(run, reason)),
    );
    try {
      const { accessToken } = await this.#getGrant();
      if (run !== this.#run) return;
      await room.connect(mediaUrl(), accessToken, { autoSubscribe: false, maxRetries: 1 });
      if (run !== this.#run) return void room.disconnect(false);
      this.#room = room;
      this.#tries = 0;
      this.#sync();
      await this.#work;
      if (run === this.#run) this.#say({ phase: 'live' });
    } catch {
      void room.disconnect(false);
      if (run === this.#run) this.#again(run);
    }
  }

  #ifCurrent(room: Room, act: () => void): void {
    if (room === this.#room) act();
  }

  #onDisconnected(run: number, reason: DisconnectReason | undefined): void {
    if (reason === DisconnectReason.CLIENT_INITIATED || run !== this.#run) return;
    this.#leave();
    if (reason === DisconnectReason.DUPLICATE_IDENTITY || reason === DisconnectReason.PARTICIPANT_REMOVED) {
      this.#say({ phase: 'removed' });
      return;
    }
    this.#again(run);
  }

  #giveWay(): void {
    this.#run += 1;
    this.#leave();
    this.#say({ phase: 'removed' });
  }

  #again(run: number): void {
    if (this.state.current.phase !== 'connecting') this.#say({ phase: 'lost' });
    const waitMs = Math.min(PUBLISH_RETRY_MS * 2 ** this.#tries, PUBLISH_RETRY_MS_MAX);
    this.#tries += 1;
    this.#retry = setTimeout(() => void this.#connect(run), waitMs);
  }

  /** What is published is brought to what there is: after a connect, another camera, a switch. */
  #sync(): void {
    this.#work = this.#work.then(() => this.#bring()).catch(() => {});
  }

  async #bring(): Promise<void> {
    const room = this.#room;
    if (!room) return;
    const { cameraOff, muted } = this.state.current;
    await bring(room, Track.Source.Camera, this.#tracks.video.current, cameraOff);
    await bring(room, Track.Source.Microphone, this.#tracks.audio.current, muted);
  }

  #leave(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.removeAllListeners();
    // The camera is the studio's, and stays on: another connection may send it in a moment.
    void room?.disconnect(false);
  }

  #say(change: Partial<PublishState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

async function bring(
  room: Room,
  source: Track.Source,
  media: MediaStreamTrack | undefined,
  off: boolean,
): Promise<void> {
  const published = room.localParticipant.getTrackPublication(source);
  if (published instanceof LocalTrackPublication && published.track) {
    const { track } = published;
    if (!media) await room.localParticipant.unpublishTrack(track, false);
    else {
      if (track.mediaStreamTrack !== media) await track.replaceTrack(media, true);
      if (off !== published.isMuted) await (off ? published.mute() : published.unmute());
    }
    return;
  }
  if (!media || media.readyState === 'ended') return;
  media.enabled = !off;
  const publication = await room.localParticipant.publishTrack(media, {
    source,
    videoCodec: 'vp8',
    // A second layer of the same size would cost its encoding and help nobody.
    simulcast: (media.getSettings().height ?? CAMERA_HEIGHT) > SMALL.height,
    videoSimulcastLayers: [SMALL],
    videoEncoding: { maxBitrate: VIDEO_BITS_PER_SECOND, maxFramerate: CAMERA_FRAMES },
  });
  if (off) await publication.mute();
}
