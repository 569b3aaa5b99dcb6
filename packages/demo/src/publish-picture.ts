import {
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoCodec,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';
import type { MediaGrant } from '@nightjar/client/rooms';
import {
  CONNECT_MS_MAX,
  FRAME_GAP_MS_MIN,
  FRAMES_PER_SECOND_DEFAULT,
  VIDEO_BITS_PER_SECOND,
} from './limits.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './picture/layout.ts';
import { Picture } from './picture/picture.ts';
import { toPng } from './picture/png.ts';

/** What the picture shows of a device. */
export interface Gauge {
  /** 0 to 1000, at this moment. */
  readonly level: number;
  /** A few words on what runs. */
  readonly status: string;
}

export interface PublishOptions {
  readonly grant: Pick<MediaGrant, 'url' | 'accessToken'>;
  readonly gauge: () => Gauge;
  readonly framesPerSecond?: number;
}

export interface Published extends AsyncDisposable {
  /** Draws a frame at once: the level has changed. */
  redraw(): void;
  /** What is shown now, as a PNG file. */
  still(): Promise<Uint8Array<ArrayBuffer>>;
  readonly frames: number;
  /** Resolves with LiveKit's word on why when the picture is no longer taken. */
  readonly ended: Promise<string>;
}

/**
 * Publishes the demo's picture as a camera, VP8, one layer.
 *
 * @throws Error when LiveKit does not let it in
 */
export async function publishPicture(options: PublishOptions): Promise<Published> {
  const { grant, gauge, framesPerSecond = FRAMES_PER_SECOND_DEFAULT } = options;
  const room = new Room();
  const ended = Promise.withResolvers<string>();
  room.on(RoomEvent.Disconnected, (reason) => ended.resolve(String(reason)));
  await within(
    CONNECT_MS_MAX,
    room.connect(grant.url, grant.accessToken, { autoSubscribe: false, dynacast: false }),
  );
  const source = new VideoSource(PICTURE_WIDTH, PICTURE_HEIGHT);
  const track = LocalVideoTrack.createVideoTrack('demo', source);
  await room.localParticipant?.publishTrack(
    track,
    new TrackPublishOptions({
      source: TrackSource.SOURCE_CAMERA,
      videoCodec: VideoCodec.VP8,
      simulcast: false,
      videoEncoding: { maxBitrate: BigInt(VIDEO_BITS_PER_SECOND), maxFramerate: framesPerSecond },
    }),
  );
  const picture = new Picture();
  let lastMono = Number.NEGATIVE_INFINITY;
  let frames = 0;
  const draw = (): void => {
    lastMono = performance.now();
    frames += 1;
    const data = picture.draw({ clockMs: Date.now(), ...gauge() });
    const frame = new VideoFrame(data, PICTURE_WIDTH, PICTURE_HEIGHT, VideoBufferType.I420);
    source.captureFrame(frame, BigInt(Math.round(lastMono * 1_000)));
  };
  draw();
  const timer = setInterval(draw, 1_000 / framesPerSecond);
  return {
    redraw() {
      if (performance.now() - lastMono >= FRAME_GAP_MS_MIN) draw();
    },
    still: () => toPng(picture.last.slice(), PICTURE_WIDTH, PICTURE_HEIGHT),
    get frames() {
      return frames;
    },
    ended: ended.promise,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await room.disconnect();
      await source.close();
      ended.resolve('left');
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`LiveKit did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
