import {
  Room,
  RoomEvent,
  type Track,
  TrackKind,
  VideoBufferType,
  type VideoFrame,
  VideoStream,
} from '@livekit/rtc-node';
import type { MediaGrant } from '@nightjar/client/rooms';
import type { FrameCode } from './picture/code.ts';
import { readFrame } from './picture/read-frame.ts';

export interface SeenFrame extends FrameCode {
  /** When it was received, in ms since 1970. */
  readonly seenMs: number;
}

export interface Watched extends AsyncDisposable {
  readonly frames: number;
  /** Frames that could not be read for certain. */
  readonly unread: number;
}

/** Watches a room's picture as a viewer does, and reads clock and gauge out of each frame. */
export async function watchPicture(
  grant: Pick<MediaGrant, 'url' | 'accessToken'>,
  onFrame: (frame: SeenFrame) => void,
): Promise<Watched> {
  const room = new Room();
  const counts = { frames: 0, unread: 0 };
  const streams: VideoStream[] = [];
  const follow = async (track: Track): Promise<void> => {
    if (track.kind !== TrackKind.KIND_VIDEO) return;
    const stream = new VideoStream(track);
    streams.push(stream);
    for await (const { frame } of stream) {
      counts.frames += 1;
      const seenMs = Date.now();
      const read = readFrame(toI420(frame));
      if (read) onFrame({ ...read, seenMs });
      else counts.unread += 1;
    }
  };
  room.on(RoomEvent.TrackSubscribed, (track) => void follow(track));
  await room.connect(grant.url, grant.accessToken, { autoSubscribe: true, dynacast: false });
  return {
    get frames() {
      return counts.frames;
    },
    get unread() {
      return counts.unread;
    },
    async [Symbol.asyncDispose]() {
      await room.disconnect();
    },
  };
}

function toI420(frame: VideoFrame): VideoFrame {
  return frame.type === VideoBufferType.I420 ? frame : frame.convert(VideoBufferType.I420);
}
